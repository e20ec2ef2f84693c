import type { BlobStore } from '../data/blob-store.ts';
import type { TableDataset } from '../data/dataset.ts';
import { readColumnsInMilliseconds } from '../data/table-reader.ts';
import { PlatformError } from '../kernel/errors.ts';
import { formatNames } from '../kernel/format-names.ts';
import type { Column } from '../project/tables/table.ts';
import { startOfDay } from './event-time.ts';
import { type KeyColumn, keyColumn } from './key-column.ts';
import { type KeyIndex, type KeyValue, openKeyIndex } from './key-index.ts';
import { lastBelow } from './last-below.ts';
import { sortByKey } from './sort-by-key.ts';
import { numbersInOrder, sortedColumn, type ViewValue } from './sorted-column.ts';
import { timeColumn, type Times } from './time-column.ts';

/** How the rows of a table become a feature view: what is true of a key from a time on. */
export interface ViewDefinition {
  /** The name of the view. */
  readonly view: string;
  /** Key columns. */
  readonly key: readonly string[];
  /** The column with the time from which a row is true. */
  readonly at: string;
  /** The column with the time at which a row became known. @default null: the time in `at` */
  readonly knownAt: string | null;
}

export type ViewValues = Readonly<Record<string, ViewValue>>;

/** A feature view in memory: columns sorted by key and time. */
export interface View {
  readonly rows: number;
  /** Every column but the key and the time. */
  readonly columns: readonly Column[];
  /**
   * The position of the latest row of a key that is strictly before a time, and was known strictly before it; -1 if there is
   * none. If the times of the view are dates, the rows of the time's own day are not before it.
   */
  find(key: readonly unknown[], time: number): number;
  /** Reads some of the columns at a position. */
  select(names: readonly string[]): (position: number) => ViewValues;
  /** The time from which the row at a position is true, as text. */
  timeAt(position: number): string;
}

/**
 * Reads a table as a feature view.
 * @throws PlatformError DATA_INVALID for a missing key or time, and for two rows of a key with one time
 */
export async function openView(
  definition: ViewDefinition,
  dataset: TableDataset,
  blobs: BlobStore,
): Promise<View> {
  const { view, key, at, knownAt } = definition;
  const { columns: declared } = dataset.schema;
  const read = await readColumnsInMilliseconds(dataset, blobs, namesOf(definition, declared));
  const column = (name: string): Column => declared.find((each) => each.name === name) as Column;
  const keys = key.map((name) => keyColumn(view, column(name), read[name] ?? []));
  const times = timeColumn(view, column(at), read[at] ?? []);
  const knownTimes = knownAt === null ? undefined : timeColumn(view, column(knownAt), read[knownAt] ?? []);
  const index = openKeyIndex();
  const groups = numberKeys(index, keys, dataset.rows);
  const { order, starts } = sortByKey(groups, times.values, knownTimes?.values);
  refuseDuplicates(definition, { order, groups, times, knownTimes, keys });
  const columns = declared.filter(({ name }) => name !== at && !key.includes(name));
  const sorted = new Map(
    columns.map((each) => [each.name, sortedColumn(each, read[each.name] ?? [], order)]),
  );
  return {
    rows: dataset.rows,
    columns,
    find: finder({ keys, index, starts, order, times, knownTimes }),
    select(names) {
      const selected = names.map((name) => sorted.get(name)).filter((each) => each !== undefined);
      return (position) => {
        const values: Record<string, ViewValue> = {};
        for (const each of selected) each.put(values, position);
        return values;
      };
    },
    timeAt: (position) => times.textOf(order[position] ?? 0),
  };
}

interface Sorted {
  readonly keys: readonly KeyColumn[];
  readonly index: KeyIndex;
  /** The first position of each key, and the end of the last. */
  readonly starts: Int32Array;
  readonly order: Int32Array;
  readonly times: Times;
  readonly knownTimes: Times | undefined;
}

function finder({ keys, index, starts, order, times, knownTimes }: Sorted): View['find'] {
  const sortedTimes = numbersInOrder(times.values, order);
  const lastKnown = knownTimes && lastBelow(numbersInOrder(knownTimes.values, order));
  const asked = Array.from<unknown>({ length: keys.length });
  return (key, time) => {
    for (let column = 0; column < asked.length; column++) asked[column] = keys[column]?.asked(key[column]);
    const group = index.find(asked);
    if (group === undefined) return -1;
    const first = starts[group] ?? 0;
    let low = first;
    let high = starts[group + 1] ?? 0;
    const limit = times.areDates ? startOfDay(time) : time;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((sortedTimes[middle] ?? Infinity) < limit) low = middle + 1;
      else high = middle;
    }
    const last = low - 1;
    if (last < first) return -1;
    if (!lastKnown) return last;
    return lastKnown({ first, last }, knownTimes?.areDates ? startOfDay(time) : time);
  };
}

function namesOf({ key, at, knownAt, view }: ViewDefinition, columns: readonly Column[]): readonly string[] {
  const names = columns.map(({ name }) => name);
  const missing = [...key, at, ...(knownAt === null ? [] : [knownAt])].find((name) => !names.includes(name));
  if (missing === undefined) return names;
  throw new PlatformError('DATA_INVALID', {
    field: `view ${view}`,
    value: missing,
    remedy: `Its table has no such column; it has ${formatNames(names)}.`,
  });
}

/** The number of each row's key. */
function numberKeys(index: KeyIndex, keys: readonly KeyColumn[], rows: number): Int32Array {
  const numbers = new Int32Array(rows);
  const key = Array.from<KeyValue>({ length: keys.length });
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < keys.length; column++) key[column] = keys[column]?.values[row] as KeyValue;
    numbers[row] = index.add(key);
  }
  return numbers;
}

interface Rows {
  readonly order: Int32Array;
  readonly groups: Int32Array;
  readonly times: Times;
  readonly knownTimes: Times | undefined;
  readonly keys: readonly KeyColumn[];
}

function refuseDuplicates(
  { view, key, at, knownAt }: ViewDefinition,
  { order, groups, times, knownTimes, keys }: Rows,
): void {
  for (let position = 1; position < order.length; position++) {
    const [before, row] = [order[position - 1] ?? 0, order[position] ?? 0];
    if (groups[before] !== groups[row] || times.values[before] !== times.values[row]) continue;
    if (knownTimes && knownTimes.values[before] !== knownTimes.values[row]) continue;
    const columns = [...key, at, ...(knownAt === null ? [] : [knownAt])];
    throw new PlatformError('DATA_INVALID', {
      field: `view ${view}, rows ${Math.min(before, row) + 1} and ${Math.max(before, row) + 1}`,
      value: keys.map((column) => `${column.name} ${column.textOf(row)}`).join(', '),
      remedy: `must differ in ${columns.join(', ')}: a key has one row for each time, so merge them in the step that writes them`,
    });
  }
}
