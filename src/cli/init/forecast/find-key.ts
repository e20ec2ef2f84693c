import type { InferredColumn } from '../column.ts';
import type { CsvFile } from '../read-csv.ts';
import type { SeriesColumns } from './read-observations.ts';

/** Of the columns that together name a series. */
export const mostInKey = 2;
/** Of the columns that may name a series: more are not in memory together, and their pairs are too many to try. */
const mostNames = 40;

/**
 * At most two columns with which no series has two values for a time: those with the fewest names. None if there are none.
 * The file is read once, whatever its width.
 */
export function findKey(
  csv: CsvFile,
  { time }: Pick<SeriesColumns, 'time'>,
  others: readonly InferredColumn[],
): readonly InferredColumn[] {
  const names = others
    .filter(canName)
    .toSorted((one, other) => one.distinct - other.distinct)
    .slice(0, mostNames);
  const { times, codes } = readCodes(csv, time.columns, names);
  const pairs = names.flatMap((one, index) => names.slice(index + 1).map((other) => [one, other]));
  const key =
    [[], ...names.map((name) => [name]), ...pairs].find((series) =>
      isUnique(
        times,
        series.map((column) => codes.get(column) ?? []),
      ),
    ) ?? [];
  return others.filter((column) => key.includes(column));
}

/** Whether a column can name whose value a line has. */
export function canName({ type, nullable, commonest }: InferredColumn): boolean {
  return (type === 'string' || type === 'integer') && !nullable && commonest > 1;
}

/** A number for each text, by line: equal texts have equal numbers, and a blank one has -1. */
type Codes = readonly number[];

interface TimesAndNames {
  readonly times: Codes;
  readonly codes: ReadonlyMap<InferredColumn, Codes>;
}

function readCodes(
  csv: CsvFile,
  timeColumns: readonly InferredColumn[],
  names: readonly InferredColumn[],
): TimesAndNames {
  const times = coder();
  const coders = names.map((column) => ({ column, ...coder() }));
  for (const { fields } of csv.records()) {
    const parts = timeColumns.map(({ index }) => fields[index] ?? '');
    times.add(parts.includes('') ? '' : JSON.stringify(parts));
    for (const { column, add } of coders) add(fields[column.index] ?? '');
  }
  return { times: times.codes, codes: new Map(coders.map(({ column, codes }) => [column, codes])) };
}

function coder(): { readonly codes: Codes; readonly add: (text: string) => void } {
  const codeOf = new Map<string, number>([['', -1]]);
  const codes: number[] = [];
  return {
    codes,
    add(text) {
      const code = codeOf.get(text) ?? codeOf.size;
      codeOf.set(text, code);
      codes.push(code);
    },
  };
}

function isUnique(times: Codes, series: readonly Codes[]): boolean {
  const seen = new Set<string>();
  for (const [line, time] of times.entries()) {
    const parts = [time, ...series.map((codes) => codes[line] ?? -1)];
    if (parts.includes(-1)) continue;
    const key = parts.join(' ');
    if (seen.has(key)) return false;
    seen.add(key);
  }
  return true;
}
