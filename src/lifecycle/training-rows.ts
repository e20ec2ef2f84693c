import { type ColumnValues, readColumns } from '../data/table-reader.ts';
import type { Dataset, TableDataset } from '../data/dataset.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { OperationContext } from '../pipeline/operation.ts';
import { selectRows } from '../training/rows.ts';
import { sides } from '../training/split.ts';
import type { TrainingRows } from '../training/trainer.ts';

export function asTable(dataset: Dataset, name: string): TableDataset {
  if (dataset.kind === 'table') return dataset;
  throw new PlatformError('INTERNAL', {
    field: `input ${name}`,
    value: dataset.kind,
    remedy: 'A table was expected here.',
  });
}

/** The side of each row, as the input `sides` holds it. */
export async function readSides(context: OperationContext): Promise<Float64Array> {
  const { side } = await readColumns(asTable(await context.input('sides'), 'sides'), context.blobs, ['side']);
  return numbers(side, 'side');
}

/** The rows to learn from, train and validation apart, as the inputs `rows`, `sides` and `matrix` hold them. */
export async function readTrainingRows(
  context: OperationContext,
  target: string,
): Promise<{ readonly train: TrainingRows; readonly validation: TrainingRows }> {
  const read = async (
    input: string,
    names?: readonly string[],
  ): Promise<Readonly<Record<string, ColumnValues>>> => {
    const table = asTable(await context.input(input), input);
    return readColumns(table, context.blobs, names ?? table.schema.columns.map(({ name }) => name));
  };
  const [rows, split, matrix] = [await read('rows', [target]), await read('sides'), await read('matrix')];
  const features = Object.keys(matrix);
  const side = numbers(split['side'], 'side');
  const whole: TrainingRows = {
    matrix: {
      features,
      rows: side.length,
      columns: features.map((name) => Float32Array.from(numbers(matrix[name], name))),
    },
    target: numbers(rows[target], target),
    group: Int32Array.from(numbers(split['group'], 'group')),
    order: numbers(split['order'], 'order'),
  };
  const on = (wanted: number): TrainingRows =>
    selectRows(whole, Int32Array.from([...side.keys()].filter((row) => side[row] === wanted)));
  return { train: on(sides.train), validation: on(sides.validation) };
}

function numbers(values: ColumnValues | undefined, name: string): Float64Array {
  if (values instanceof Float64Array) return values;
  throw new PlatformError('DATA_INVALID', {
    field: name,
    value: 'a text column',
    remedy: 'A column of numbers is needed here.',
  });
}
