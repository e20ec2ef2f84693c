import type { DateFormName } from '../../../sources/csv/date-forms.ts';
import { missingMarks } from '../../../sources/csv/values.ts';
import type { CsvFile } from '../read-csv.ts';
import { key, literal } from './source-text.ts';

/** The part of the lines that may be set aside without an option. */
const usualShare = 0.05;

interface Facts {
  readonly csv: CsvFile;
  readonly rows: number;
  readonly badRows: number;
  readonly dateForms: ReadonlyMap<string, DateFormName>;
}

/** The options of `csv()` that say how the file is written, where the default is otherwise. */
export function csvOptions({
  csv: { format, guesses, missing },
  rows,
  badRows,
  dateForms,
}: Facts): readonly string[] {
  const { delimiter, quote, encoding, decimal, header, skip, comment } = format;
  const added = missing.slice(missingMarks.length);
  const dates = [...dateForms].map(([name, form]) => `${key(name)}: ${literal(form)}`);
  const share = rows === 0 ? 0 : badRows / (rows + badRows);
  return [
    ...(delimiter === ',' || delimiter === '\t' ? [] : [`delimiter: ${literal(delimiter)}`]),
    ...(quote === '"' ? [] : [`quote: ${literal(quote)}`]),
    ...(guesses.some(({ option }) => option === 'encoding') ? [`encoding: ${literal(encoding)}`] : []),
    ...(decimal === '.' ? [] : [`decimal: ${literal(decimal)}`]),
    ...(header ? [] : ['header: false']),
    ...(skip === 0 ? [] : [`skip: ${skip}`]),
    ...(comment === undefined ? [] : [`comment: ${literal(comment)}`]),
    ...(added.length === 0 ? [] : [`missing: [${missing.map(literal).join(', ')}]`]),
    ...(dates.length === 0 ? [] : [`dates: { ${dates.join(', ')} }`]),
    ...(share > 0.8 * usualShare
      ? [`maxBadRows: ${Math.min(1, Math.ceil(share * 12) / 10).toFixed(1)}`]
      : []),
  ];
}
