import type { BlobStore } from '../data/blob-store.ts';
import type { TableDataset } from '../data/dataset.ts';
import { type ColumnValues, readColumns, readRows } from '../data/table-reader.ts';
import { PlatformError } from '../kernel/errors.ts';
import { rowTime } from '../lifecycle/features/lookups.ts';
import { requestFields } from '../lifecycle/features/request-of.ts';
import { prepareRows } from './predict.ts';
import type { ServedVersion } from './version.ts';

/** A value that serving would compute differently than training did. */
export interface SkewDifference {
  /** The number of the training row, from 1. */
  readonly row: number;
  /** Null if serving refuses the row. */
  readonly feature: string | null;
  /** NaN for a missing value; null if one of the two does not have the feature. */
  readonly trained: number | null;
  readonly served: number | null;
  /** Why serving refuses the row. */
  readonly refused?: string;
}

export interface Skew {
  /** Training rows, and those that were compared. */
  readonly rows: number;
  readonly compared: number;
  readonly differingRows: number;
  readonly differences: number;
  /** The first ones. */
  readonly first: readonly SkewDifference[];
}

export interface SkewInput {
  readonly served: ServedVersion;
  /** The rows that the version learned from and was tested on, and the features that were computed of them. */
  readonly rows: TableDataset;
  readonly matrix: TableDataset;
  /** The indexes of the rows that training set aside because the request schema refused them. */
  readonly refused: ReadonlySet<number>;
  readonly blobs: BlobStore;
  /** Compares at most so many rows, evenly spread. @default all */
  readonly most?: number | undefined;
}

const mostListed = 20;
/** Other requests are served after so many rows. */
const pauseEvery = 500;

/**
 * Computes the features of training rows as serving does now, as of the time of each row, and compares them with those of
 * training.
 */
export async function measureSkew({ served, rows, matrix, refused, blobs, most }: SkewInput): Promise<Skew> {
  if (rows.rows !== matrix.rows)
    throw new PlatformError('STATE_DAMAGED', {
      field: 'features of the version',
      value: matrix.rows,
      remedy: `Its table has ${rows.rows} rows: run the project again.`,
    });
  const names = matrix.schema.columns.map(({ name }) => name);
  const trained = await readColumns(matrix, blobs, names);
  const step = most === undefined ? 1 : Math.max(1, Math.ceil(rows.rows / most));
  const first: SkewDifference[] = [];
  let [number, compared, differingRows, differences] = [0, 0, 0, 0];
  for await (const row of readRows<Readonly<Record<string, unknown>>>(rows, blobs)) {
    if (number % step === 0) {
      const found = differencesOf({ row, number, trained, names, refused }, served);
      compared += 1;
      differences += found.length;
      if (found.length > 0) differingRows += 1;
      first.push(...found.slice(0, mostListed - first.length));
      if (compared % pauseEvery === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    number += 1;
  }
  return { rows: rows.rows, compared, differingRows, differences, first };
}

interface TrainingRow {
  readonly row: Readonly<Record<string, unknown>>;
  readonly number: number;
  readonly trained: Readonly<Record<string, ColumnValues>>;
  readonly names: readonly string[];
  readonly refused: SkewInput['refused'];
}

function differencesOf(
  { row, number, trained, names, refused }: TrainingRow,
  served: ServedVersion,
): readonly SkewDifference[] {
  const computed = featuresNow({ row, number }, served);
  if (typeof computed === 'string')
    return refused.has(number)
      ? []
      : [{ row: number + 1, feature: null, trained: null, served: null, refused: computed }];
  return [...new Set([...names, ...Object.keys(computed)])].flatMap((feature) => {
    const before = trained[feature] ? Number(trained[feature][number]) : null;
    const now = computed[feature] ?? null;
    // Trainers read float32.
    if (before !== null && now !== null && Object.is(Math.fround(before), Math.fround(now))) return [];
    return [{ row: number + 1, feature, trained: before, served: now }];
  });
}

/** The features as serving computes them, or why it refuses the row. */
function featuresNow(
  { row, number }: Pick<TrainingRow, 'row' | 'number'>,
  served: ServedVersion,
): Readonly<Record<string, number>> | string {
  try {
    const request = requestFields(row, served.predictor.requestSchema);
    const [prepared] = prepareRows([{ request }], served, (column) => rowTime(row, column, number));
    return prepared ? served.predictor.featuresOf(prepared) : {};
  } catch (error) {
    if (error instanceof PlatformError) return error.message;
    throw error;
  }
}
