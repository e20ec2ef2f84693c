import type { Decimal } from '../../sources/csv/format.ts';
import type { CsvRecord } from '../../sources/csv/records.ts';
import { totalWord } from '../../sources/csv/total-word.ts';
import { readNumber } from '../../sources/csv/values.ts';

/** Of the totals at the end, such as a sum and an average. */
export const mostTotals = 5;

interface Around {
  /** All lines of the file. */
  above(): Iterable<CsvRecord>;
  readonly decimal: Decimal;
  /** Earlier lines that say that they are sums. */
  readonly usual: readonly CsvRecord[];
}

/** The totals among the last lines of a file. A word that is there twice is a category. */
export function totalsAtEnd(last: readonly CsvRecord[], around: Around): readonly CsvRecord[] {
  const isUsual = (word: string): boolean =>
    [...around.usual, ...last].filter((record) => totalWord(record.fields) === word).length > 1;
  let from = last.length;
  for (;;) {
    const record = last[from - 1];
    if (!record) break;
    const word = totalWord(record.fields);
    const isTotal =
      word === undefined
        ? isMostlyBlank(record) && hasSums(record, linesBefore(record, around), around.decimal)
        : !isUsual(word);
    if (!isTotal) break;
    from -= 1;
  }
  return last.slice(from);
}

function* linesBefore({ line }: CsvRecord, around: Around): Generator<CsvRecord> {
  for (const record of around.above()) {
    if (record.line >= line) return;
    yield record;
  }
}

/** Whether a line has so few cells that its numbers may be sums. */
function isMostlyBlank({ fields }: CsvRecord): boolean {
  return fields.filter((field) => field.trim() === '').length * 2 >= fields.length;
}

/** Whether a line has no other cells than sums of the lines above it. */
function hasSums(last: CsvRecord, above: Iterable<CsvRecord>, decimal: Decimal): boolean {
  const filled = [...last.fields.keys()].filter((at) => (last.fields[at] ?? '').trim() !== '');
  const stated = filled.map((at) => readNumber(last.fields[at] ?? '', { decimal }) ?? NaN);
  const sums = filled.map(() => 0);
  let lines = 0;
  for (const { fields } of above) {
    lines += 1;
    for (const [at, index] of filled.entries())
      sums[at] = (sums[at] ?? 0) + (readNumber(fields[index] ?? '', { decimal }) ?? 0);
  }
  const tolerance = (value: number): number => 1e-6 * Math.max(1, Math.abs(value));
  return (
    lines > 1 &&
    stated.length > 0 &&
    stated.every((value, at) => value !== 0 && Math.abs(value - (sums[at] ?? NaN)) <= tolerance(value))
  );
}
