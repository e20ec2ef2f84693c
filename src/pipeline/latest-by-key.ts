import { PlatformError } from '../kernel/errors.ts';

type Row = Readonly<Record<string, unknown>>;

/** Rows by their key, with the index at which each was read. */
export interface KeyedRows {
  /** In order of the key, so that the same rows are the same table, however often they were fetched. */
  readonly rows: readonly object[];
  /** The position of a row, from 1, among all rows that were read. */
  readonly readAt: (row: number) => number;
}

/**
 * The last row of each key: one that was read later replaces an earlier one.
 * @throws PlatformError DATA_INVALID for a row without a value of its key
 */
export async function latestByKey(rows: AsyncIterable<object>, key: readonly string[]): Promise<KeyedRows> {
  const latest = new Map<
    string,
    { readonly row: object; readonly values: readonly unknown[]; readonly at: number }
  >();
  let at = 0;
  for await (const row of rows) {
    at += 1;
    const values = key.map((column) => (row as Row)[column]);
    const missing = key.find((_, index) => values[index] === undefined || values[index] === null);
    if (missing !== undefined)
      throw new PlatformError('DATA_INVALID', {
        field: `column ${missing} in row ${at}`,
        value: undefined,
        remedy: 'must have a value: it is part of the key of the source',
      });
    latest.set(JSON.stringify(values), { row, values, at });
  }
  const sorted = [...latest.values()].toSorted((a, b) => compare(a.values, b.values));
  return { rows: sorted.map(({ row }) => row), readAt: (row) => sorted[row - 1]?.at ?? 0 };
}

function compare(a: readonly unknown[], b: readonly unknown[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  return 0;
}
