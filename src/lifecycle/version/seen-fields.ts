import type { BlobStore } from '../../data/blob-store.ts';
import { dateText, dayMs } from '../../data/calendar.ts';
import type { TableDataset } from '../../data/dataset.ts';
import { type ColumnValues, readColumnsInMilliseconds } from '../../data/table-reader.ts';
import { chunksOf } from '../../kernel/chunks.ts';
import type { Column } from '../../project/tables/table.ts';
import type { SeenField } from './version-fields.ts';

/** Texts with more different values than this are not listed. */
const mostTexts = 200;
const longestText = 200;
const columnsAtOnce = 50;
const quartileRows = 10_000;

/**
 * What some rows of a table have in each of some columns; a column that the table does not have is left out.
 * @param isSeen whether a row counts, by its number
 */
export async function readSeenFields(
  table: TableDataset,
  { names, isSeen }: { readonly names: readonly string[]; readonly isSeen: (row: number) => boolean },
  blobs: BlobStore,
): Promise<Readonly<Record<string, SeenField>>> {
  const seenNames = new Set(names);
  const columns = table.schema.columns.filter(({ name }) => seenNames.has(name));
  const seen: Record<string, SeenField> = {};
  for (const part of chunksOf(columns, columnsAtOnce)) {
    const values = await readColumnsInMilliseconds(
      table,
      blobs,
      part.map(({ name }) => name),
    );
    for (const column of part) seen[column.name] = seenIn(column, values[column.name] ?? [], isSeen);
  }
  return seen;
}

function seenIn({ type }: Column, values: ColumnValues, isSeen: (row: number) => boolean): SeenField {
  if (!(values instanceof Float64Array)) return seenTexts(values, isSeen);
  const given = values.filter((value, row) => isSeen(row) && !Number.isNaN(value));
  const missing = values.reduce((count, value, row) => count + Number(isSeen(row) && Number.isNaN(value)), 0);
  if (given.length === 0) return { missing, kind: 'nothing' };
  const [low, high] = extremes(given);
  switch (type) {
    case 'boolean':
      return { missing, kind: 'boolean', values: low === high ? [low === 1] : [false, true] };
    case 'date':
      return { missing, kind: 'time', from: dateText(low / dayMs), to: dateText(high / dayMs) };
    case 'timestamp':
      return { missing, kind: 'time', from: new Date(low).toISOString(), to: new Date(high).toISOString() };
    case 'string':
    case 'integer':
    case 'number':
      return { missing, kind: 'number', low, high, quartiles: quartilesOf(given) };
  }
}

function extremes(values: Float64Array): readonly [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}

/** Of at most 10,000 evenly spread values. */
function quartilesOf(values: Float64Array): number[] {
  const every = Math.ceil(values.length / quartileRows);
  const sorted = values.filter((_value, index) => index % every === 0).toSorted();
  return [0.25, 0.5, 0.75].map((share) => sorted[Math.round(share * (sorted.length - 1))] ?? Number.NaN);
}

function seenTexts(values: readonly (string | null)[], isSeen: (row: number) => boolean): SeenField {
  const texts = new Set<string>();
  let missing = 0;
  let canList = true;
  for (const [row, value] of values.entries()) {
    if (!isSeen(row)) continue;
    if (value === null) missing++;
    else if (canList) {
      texts.add(value);
      canList = texts.size <= mostTexts && value.length <= longestText;
    }
  }
  if (texts.size === 0) return { missing, kind: 'nothing' };
  return { missing, kind: 'text', values: canList ? [...texts].toSorted() : null };
}
