import { type ColumnValues, readColumns } from '../data/table-reader.ts';
import { PlatformError } from '../kernel/errors.ts';
import { inputTable } from '../pipeline/inputs.ts';
import type { OperationContext } from '../pipeline/operation.ts';
import { selectRows } from '../training/rows.ts';
import { subsets } from '../training/split.ts';
import type { Target } from '../project/kind.ts';
import type { TrainingRows, TrainingSubsets } from '../project/trainer.ts';
import { targetValues } from './target-values.ts';

/** The subset of each row, from the input `subsets`. */
export async function readSubsets(context: Pick<OperationContext, 'blobs' | 'input'>): Promise<Float64Array> {
  const { subset } = await readColumns(await inputTable(context, 'subsets'), context.blobs, ['subset']);
  return numbers(subset, 'subset');
}

/** The rows that a model may learn from, and their subsets. */
export interface SplitRows {
  /** Every row of the table; the target is what is learned, and NaN where it is missing. */
  readonly all: TrainingRows;
  /** One of `subsets` for each row. */
  readonly subset: Float64Array;
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
  const read = async (
    input: string,
    names?: readonly string[],
  ): Promise<Readonly<Record<string, ColumnValues>>> => {
    const table = await inputTable(context, input);
    return readColumns(table, context.blobs, names ?? table.schema.columns.map(({ name }) => name));
  };
  const [rows, split, matrix] = [await read('rows', [target]), await read('subsets'), await read('matrix')];
  const features = Object.keys(matrix);
  const subset = numbers(split['subset'], 'subset');
  const all: TrainingRows = {
    matrix: {
      features,
      rows: subset.length,
      columns: features.map((name) => Float32Array.from(numbers(matrix[name], name))),
    },
    target: await learned(targetValues(rows[target], targetType, target)),
    group: Int32Array.from(numbers(split['group'], 'group')),
    order: numbers(split['order'], 'order'),
  };
  return { all, subset };
}

/** The training and validation rows. */
export function trainingSubsets({ all, subset }: SplitRows): TrainingSubsets {
  const on = (code: number): TrainingRows =>
    selectRows(all, Int32Array.from([...subset.keys()].filter((row) => subset[row] === code)));
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
