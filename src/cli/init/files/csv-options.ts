import type { DateFormName } from '../../../sources/csv/date-forms.ts';
import { missingMarks } from '../../../sources/csv/values.ts';
import type { CsvFile } from '../read-csv.ts';
import { key, literal } from './source-text.ts';

interface Facts {
  readonly csv: CsvFile;
  readonly maxBadRows: number | undefined;
  readonly dateForms: ReadonlyMap<string, DateFormName>;
}

/** The options of `csv()` that say how the file is written, where the default is otherwise. */
export function csvOptions({
  csv: { format, guesses, missing },
  maxBadRows,
  dateForms,
}: Facts): readonly string[] {
  const { delimiter, quote, encoding, decimal, header, skip, comment } = format;
  const added = missing.slice(missingMarks.length);
  const dates = [...dateForms].map(([name, form]) => `${key(name)}: ${literal(form)}`);
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
    ...(maxBadRows === undefined ? [] : [`maxBadRows: ${maxBadRows}`]),
  ];
}
