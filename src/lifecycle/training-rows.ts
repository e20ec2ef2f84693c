import { type ColumnValues, readColumns } from '../data/table-reader.ts';
import type { Dataset, TableDataset } from '../data/dataset.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { OperationContext } from '../pipeline/operation.ts';
import { selectRows } from '../training/rows.ts';
import { subsets } from '../training/split.ts';
import type { TrainingRows } from '../project/trainer.ts';

export function asTable(dataset: Dataset, name: string): TableDataset {
  if (dataset.kind === 'table') return dataset;
  throw new PlatformError('INTERNAL', {
    field: `input ${name}`,
    value: dataset.kind,
    remedy: 'must be a table',
  });
}

/** The subset of each row, from the input `subsets`. */
export async function readSubsets(context: Pick<OperationContext, 'blobs' | 'input'>): Promise<Float64Array> {
  const { subset } = await readColumns(asTable(await context.input('subsets'), 'subsets'), context.blobs, [
    'subset',
  ]);
  return numbers(subset, 'subset');
}

/** The training and validation rows, from the inputs `rows`, `subsets` and `matrix`. */
export async function readTrainingRows(
  context: Pick<OperationContext, 'blobs' | 'input'>,
  target: string,
): Promise<{ readonly train: TrainingRows; readonly validation: TrainingRows }> {
  const read = async (
    input: string,
    names?: readonly string[],
  ): Promise<Readonly<Record<string, ColumnValues>>> => {
    const table = asTable(await context.input(input), input);
    return readColumns(table, context.blobs, names ?? table.schema.columns.map(({ name }) => name));
  };
  const [rows, split, matrix] = [await read('rows', [target]), await read('subsets'), await read('matrix')];
  const features = Object.keys(matrix);
  const subset = numbers(split['subset'], 'subset');
  const whole: TrainingRows = {
    matrix: {
      features,
      rows: subset.length,
      columns: features.map((name) => Float32Array.from(numbers(matrix[name], name))),
    },
    target: numbers(rows[target], target),
    group: Int32Array.from(numbers(split['group'], 'group')),
    order: numbers(split['order'], 'order'),
  };
  const on = (subsetCode: number): TrainingRows =>
    selectRows(whole, Int32Array.from([...subset.keys()].filter((row) => subset[row] === subsetCode)));
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
