/** Rows in the order of their keys, and within a key by time. */
export interface SortedRows {
  /** Row numbers. */
  readonly order: Int32Array;
  /** The first position of each key, and the end of the last. */
  readonly starts: Int32Array;
}

/**
 * Sorts by key in one pass, and the rows of a key only if they are not sorted already.
 * @param groups the number of each row's key, from 0
 * @param knownTimes orders rows of equal time
 */
export function sortByKey(groups: Int32Array, times: Float64Array, knownTimes?: Float64Array): SortedRows {
  let keys = 0;
  for (const group of groups) if (group >= keys) keys = group + 1;
  const starts = new Int32Array(keys + 1);
  for (const group of groups) starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  for (let key = 0; key < keys; key++) starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  const next = starts.slice();
  const order = new Int32Array(groups.length);
  for (let row = 0; row < groups.length; row++) {
    const group = groups[row] ?? 0;
    const position = next[group] ?? 0;
    order[position] = row;
    next[group] = position + 1;
  }
  const compare = (a: number, b: number): number =>
    (times[a] ?? 0) - (times[b] ?? 0) || (knownTimes?.[a] ?? 0) - (knownTimes?.[b] ?? 0);
  for (let key = 0; key < keys; key++) {
    const rows = order.subarray(starts[key], starts[key + 1]);
    if (!isSorted(rows, compare)) rows.sort(compare);
  }
  return { order, starts };
}

function isSorted(rows: Int32Array, compare: (a: number, b: number) => number): boolean {
  for (let position = 1; position < rows.length; position++)
    if (compare(rows[position - 1] ?? 0, rows[position] ?? 0) > 0) return false;
  return true;
}
