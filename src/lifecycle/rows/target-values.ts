import type { BlobStore } from '../../data/blob-store.ts';
import type { TableDataset } from '../../data/dataset.ts';
import { type ColumnValues, readColumns } from '../../data/table-reader.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Target } from '../../project/models/kind.ts';

/** A target's column as metrics and trainers take it: numbers, 1 for yes and 0 for no, the index of the class. NaN is missing. */
function targetValues(values: ColumnValues | undefined, target: Target, column: string): Float64Array {
  if (target.kind !== 'class') {
    if (values instanceof Float64Array) return allFinite(values, column);
    throw wrongColumn(column, 'a text column', 'must be a column of numbers, or of yes and no');
  }
  if (!values || values instanceof Float64Array)
    throw wrongColumn(column, 'a column of numbers', `must be a column of ${target.classes.join(', ')}`);
  const indexOf = new Map<string | null, number>(target.classes.map((name, index) => [name, index]));
  return Float64Array.from<string | null>(values, (value) => {
    const index = value === null ? Number.NaN : indexOf.get(value);
    if (index !== undefined) return index;
    throw wrongColumn(column, value, `must be one of ${target.classes.join(', ')}`);
  });
}

/** The target of every row of a table. @throws as `targetValues` */
export async function readTarget(
  rows: TableDataset,
  { target, column }: { readonly target: Target; readonly column: string },
  blobs: BlobStore,
): Promise<Float64Array> {
  return targetValues((await readColumns(rows, blobs, [column]))[column], target, column);
}

/** An infinite value has no mean and no squared error. */
function allFinite(values: Float64Array, column: string): Float64Array {
  const row = values.findIndex((value) => value === Infinity || value === -Infinity);
  if (row < 0) return values;
  const remedy = 'must be a finite number: leave such rows out in the step before';
  throw wrongColumn(`row ${row + 1}, ${column}`, values[row], remedy);
}

function wrongColumn(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('DATA_INVALID', { field, value, remedy });
}
