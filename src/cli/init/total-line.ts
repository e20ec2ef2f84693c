import type { Decimal } from '../../sources/csv/format.ts';
import type { CsvRecord } from '../../sources/csv/records.ts';
import { readNumber } from '../../sources/csv/values.ts';

const isTotalWord =
  /^(?:(?:grand |sub)?totals?|sums?|averages?|mean|summe|gesamt(?:summe)?|insgesamt|mittelwert|durchschnitt|somme|totale|suma|media|moyenne)\s*:?$/i;

/** Whether the first filled cell of a line says that the line is a total. */
export function saysTotal({ fields }: CsvRecord): boolean {
  return isTotalWord.test((fields.find((field) => field.trim() !== '') ?? '').trim());
}

/** Whether a line has so few cells that its numbers may be sums. */
export function isMostlyBlank({ fields }: CsvRecord): boolean {
  return fields.filter((field) => field.trim() === '').length * 2 >= fields.length;
}

/** Whether a line has no other cells than sums of the lines above it. */
export function hasSums(last: CsvRecord, above: Iterable<CsvRecord>, decimal: Decimal): boolean {
  const filled = [...last.fields.keys()].filter((at) => (last.fields[at] ?? '').trim() !== '');
  const stated = filled.map((at) => readNumber(last.fields[at] ?? '', { decimal }) ?? NaN);
  const sums = filled.map(() => 0);
  let lines = 0;
  for (const { fields, line } of above) {
    if (line === last.line) continue;
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
