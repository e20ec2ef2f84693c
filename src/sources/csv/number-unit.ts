import type { Decimal } from './format.ts';
import { isMissing, readNumber, missingSet, readWrittenNumber } from './values.ts';

/** What means a missing value in a file. */
export interface MissingValues {
  readonly marks: ReadonlySet<string>;
  /** The numbers among the marks: a column of numbers has -200 as '-200,0' too. */
  readonly numbers: ReadonlySet<number>;
}

export function missingValues(listed: readonly string[] | undefined, decimal: Decimal): MissingValues {
  const marks = missingSet(listed);
  return {
    marks,
    numbers: new Set([...marks].flatMap((mark) => readNumber(mark, { decimal }) ?? [])),
  };
}

/** The first rows, which decide the units of the columns. */
export const unitRows = 1000;

/** What stands beside the numbers of a column. */
export interface NumberUnit {
  /** Whether they have a percent sign; undefined without a number but 0, which is the same with and without it. */
  readonly isPercent?: boolean | undefined;
  /** The currency of the amounts; undefined without one. */
  readonly currency?: string | undefined;
}

/** The unit of most numbers among the cells of a column; of two that are as common, that of the first. */
export function unitOf(
  cells: Iterable<string>,
  { decimal, missing }: { readonly decimal: Decimal; readonly missing: MissingValues },
): NumberUnit {
  const signs = new Map<boolean, number>();
  const currencies = new Map<string, number>();
  for (const text of cells) {
    if (isMissing(text, missing.marks)) continue;
    const written = readWrittenNumber(text, { decimal });
    if (!written || missing.numbers.has(written.value)) continue;
    const { value, currency, isPercent = false } = written;
    if (value !== 0) signs.set(isPercent, (signs.get(isPercent) ?? 0) + 1);
    if (currency !== undefined) currencies.set(currency, (currencies.get(currency) ?? 0) + 1);
  }
  const isPercent = commonest(signs);
  return { isPercent, currency: isPercent === true ? undefined : commonest(currencies) };
}

function commonest<Key>(counts: ReadonlyMap<Key, number>): Key | undefined {
  let most: Key | undefined;
  for (const [key, count] of counts) if (most === undefined || count > (counts.get(most) ?? 0)) most = key;
  return most;
}
