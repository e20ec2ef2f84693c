import { type ColumnValues, readColumns } from '../../data/table-reader.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { inputTable } from '../../pipeline/inputs.ts';
import type { OperationContext } from '../../pipeline/operation.ts';
import { selectRows } from '../../training/rows.ts';
import { subsets } from '../../training/subsets.ts';
import type { Target } from '../../project/models/kind.ts';
import type { TrainingRows, TrainingSubsets } from '../../project/models/trainer.ts';
import { readSubsetColumns, type SubsetColumns } from './subsets-table.ts';
import { readTarget } from './target-values.ts';

/** The rows of a model with their features, and which of them each fit tests and learns from. */
export interface SplitRows {
  /** Every row of the table; the target is what is learned, and NaN where it is missing. */
  readonly rows: TrainingRows;
  readonly split: SubsetColumns;
}

/** From the target of each row to what is learned. */
export type TargetStep = (truth: Float64Array) => Promise<Float64Array>;

/**
 * All rows, from the inputs `rows`, `subsets` and `matrix`.
 * @param learned @default the target itself
 * @throws PlatformError DATA_INVALID for an infinite target
 */
export async function readSplitRows(
  context: Pick<OperationContext, 'blobs' | 'input'>,
  { target, targetType }: { readonly target: string; readonly targetType: Target },
  learned: TargetStep = async (truth) => truth,
): Promise<SplitRows> {
  const { blobs } = context;
  const truth = await readTarget(
    await inputTable(context, 'rows'),
    { target: targetType, column: target },
    blobs,
  );
  const split = await readSubsetColumns(await inputTable(context, 'subsets'), blobs);
  const table = await inputTable(context, 'matrix');
  const features = table.schema.columns.map(({ name }) => name);
  const matrix = await readColumns(table, blobs, features);
  const rows: TrainingRows = {
    matrix: {
      features,
      rows: split.subset.length,
      columns: features.map((name) => Float32Array.from(numbers(matrix[name], name))),
    },
    target: await learned(truth),
    group: Int32Array.from(split.group),
    order: Float64Array.from(split.order),
  };
  return { rows, split };
}

/** The training and validation rows of an assignment. @param subset one of `subsets` for each row */
export function trainingSubsets(rows: TrainingRows, subset: ArrayLike<number>): TrainingSubsets {
  const on = (code: number): TrainingRows =>
    selectRows(
      rows,
      Int32Array.from(rows.target.keys()).filter((row) => subset[row] === code),
    );
  return { train: on(subsets.train), validation: on(subsets.validation) };
}

function numbers(values: ColumnValues | undefined, name: string): Float64Array {
  if (values instanceof Float64Array) return values;
  throw new PlatformError('DATA_INVALID', {
    field: name,
    value: 'a text column',
    remedy: 'must be a column of numbers',
  });
}
