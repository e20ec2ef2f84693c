import type { BlobStore } from '../data/blob-store.ts';
import type { TableDataset } from '../data/dataset.ts';
import { type ColumnValues, readColumns } from '../data/table-reader.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Column } from '../project/table.ts';
import { isDateText, startOfDay, timeOf } from './event-time.ts';
import { type KeyIndex, type KeyValue, openKeyIndex } from './key-index.ts';
import { lastBelow } from './last-below.ts';
import { sortByKey } from './sort-by-key.ts';

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

/** A value that a lookup finds. Dates and times are text. */
export type ViewValue = string | number | boolean | null;
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
  const read = await readColumns(dataset, blobs, namesOf(definition, declared));
  const keys = key.map((name) => keyColumn(view, name, read[name] ?? []));
  const times = timeColumn(view, at, read[at] ?? []);
  const knownTimes = knownAt === null ? undefined : timeColumn(view, knownAt, read[knownAt] ?? []);
  const index = openKeyIndex();
  const groups = numberKeys(index, keys, dataset.rows);
  const { order, starts } = sortByKey(groups, times.values, knownTimes?.values);
  refuseDuplicates(definition, { order, groups, times, knownTimes, keys });
  const columns = declared.filter(({ name }) => name !== at && !key.includes(name));
  const sorted = new Map(columns.map((column) => [column.name, sortedColumn(column, read, order)]));
  const timeTexts = read[at] ?? [];
  return {
    rows: dataset.rows,
    columns,
    find: finder({ index, starts, order, times, knownTimes }),
    select(names) {
      const selected = names.map((name) => sorted.get(name)).filter((column) => column !== undefined);
      return (position) => {
        const values: Record<string, ViewValue> = {};
        for (const column of selected) column.put(values, position);
        return values;
      };
    },
    timeAt: (position) => String(timeTexts[order[position] ?? 0]),
  };
}

interface Times {
  readonly values: Float64Array;
  readonly areDates: boolean;
}

interface Sorted {
  readonly index: KeyIndex;
  /** The first position of each key, and the end of the last. */
  readonly starts: Int32Array;
  readonly order: Int32Array;
  readonly times: Times;
  readonly knownTimes: Times | undefined;
}

function finder({ index, starts, order, times, knownTimes }: Sorted): View['find'] {
  const sortedTimes = numbersInOrder(times.values, order);
  const lastKnown = knownTimes && lastBelow(numbersInOrder(knownTimes.values, order));
  return (key, time) => {
    const group = index.find(key);
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
    remedy: `Its table has no such column; it has ${names.join(', ')}.`,
  });
}

type KeyColumn = readonly KeyValue[] | Float64Array;

function keyColumn(view: string, name: string, values: ColumnValues): KeyColumn {
  for (let row = 0; row < values.length; row++)
    if (values[row] === null || Number.isNaN(values[row])) throw missingValue(view, name, row);
  return values as KeyColumn;
}

/** The number of each row's key. */
function numberKeys(index: KeyIndex, keys: readonly KeyColumn[], rows: number): Int32Array {
  const numbers = new Int32Array(rows);
  const key = Array.from<KeyValue>({ length: keys.length });
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < keys.length; column++) key[column] = keys[column]?.[row] as KeyValue;
    numbers[row] = index.add(key);
  }
  return numbers;
}

function timeColumn(view: string, name: string, values: ColumnValues): Times {
  const areDates = typeof values[0] === 'string' && isDateText(values[0]);
  const times = new Float64Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const value = values[row];
    if (value === null) throw missingValue(view, name, row);
    const time = timeOf(value);
    if (time === undefined || isDateText(String(value)) !== areDates)
      throw new PlatformError('DATA_INVALID', {
        field: `view ${view}, row ${row + 1}, ${name}`,
        value,
        remedy: `must be a ${areDates ? 'date, such as 2024-05-31, as in row 1' : 'time, such as 2024-05-31T14:00:00Z'}`,
      });
    times[row] = time;
  }
  return { values: times, areDates };
}

function missingValue(view: string, name: string, row: number): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: `view ${view}, row ${row + 1}, ${name}`,
    value: null,
    remedy: 'must have a value: leave such rows out in the step that writes them',
  });
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
      value: `${key.map((name, column) => `${name} ${keys[column]?.[row]}`).join(', ')}`,
      remedy: `must differ in ${columns.join(', ')}: a key has one row for each time, so merge them in the step that writes them`,
    });
  }
}

function numbersInOrder(values: Float64Array, order: Int32Array): Float64Array {
  const sorted = new Float64Array(order.length);
  for (let position = 0; position < order.length; position++)
    sorted[position] = values[order[position] ?? 0] ?? Number.NaN;
  return sorted;
}

interface SortedColumn {
  /** Adds the value at a position; nothing for an absent optional value. */
  put(values: Record<string, ViewValue>, position: number): void;
}

function sortedColumn(
  { name, type, optional }: Column,
  read: Readonly<Record<string, ColumnValues>>,
  order: Int32Array,
): SortedColumn {
  const stored = read[name] ?? [];
  if (stored instanceof Float64Array) {
    const numbers = numbersInOrder(stored, order);
    const isBoolean = type === 'boolean';
    return {
      put(values, position) {
        const value = numbers[position] ?? Number.NaN;
        if (!Number.isNaN(value)) values[name] = isBoolean ? value === 1 : value;
        else if (optional !== true) values[name] = null;
      },
    };
  }
  return {
    put(values, position) {
      const value = stored[order[position] ?? 0] ?? null;
      if (value !== null || optional !== true) values[name] = value;
    },
  };
}
