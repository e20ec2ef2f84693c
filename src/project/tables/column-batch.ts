import { PlatformError } from '../../kernel/errors.ts';

/** The values of a column: numbers with NaN for a missing one, or any values with null or undefined for a missing one. */
export type BatchColumn = Float64Array | readonly unknown[];

const mark = Symbol.for('modelyard.ColumnBatch');

/**
 * Rows as columns. A reader that yields batches makes no object for each row. The rows of a batch come from one file.
 * @example new ColumnBatch(2, { town: ['Pune', 'Delhi'], price: Float64Array.of(12.5, Number.NaN) })
 */
export class ColumnBatch {
  readonly rows: number;
  readonly columns: Readonly<Record<string, BatchColumn>>;
  readonly [mark] = true;

  /** @throws PlatformError DATA_INVALID for a column with another number of values */
  constructor(rows: number, columns: Readonly<Record<string, BatchColumn>>) {
    for (const [name, values] of Object.entries(columns))
      if (values.length !== rows)
        throw new PlatformError('DATA_INVALID', {
          field: `column ${name} of a batch of ${rows} rows`,
          value: values.length,
          remedy: 'Give every column of a batch one value for each row.',
        });
    this.rows = rows;
    this.columns = columns;
  }
}

/** Whether a value is a batch, of this or another copy of Modelyard. */
export function isColumnBatch(value: object): value is ColumnBatch {
  return mark in value;
}

/** The rows from `from` to `to` as objects; a missing number is null. */
export function* batchRows(
  { rows, columns }: ColumnBatch,
  from = 0,
  to = rows,
): Generator<Readonly<Record<string, unknown>>> {
  const entries = Object.entries(columns);
  for (let row = from; row < to; row++)
    yield Object.fromEntries(
      entries.map(([name, values]) => {
        const value = values[row];
        return [name, Number.isNaN(value) ? null : value];
      }),
    );
}

/** The rows of what a reader yields, one by one: for tests of a step. */
export async function* rowsOfBatches<Row extends object>(
  given: Iterable<Row | ColumnBatch> | AsyncIterable<Row | ColumnBatch>,
): AsyncGenerator<Row> {
  for await (const item of given) {
    if (isColumnBatch(item)) yield* batchRows(item) as Generator<Row>;
    else yield item;
  }
}
