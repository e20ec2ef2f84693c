import type { EndpointView, NewBatchView } from '../../../src/client/index.ts';

export type Kind = EndpointView['target']['type']['kind'];

type Columns = Pick<NewBatchView['preview'], 'columns' | 'inputColumns'>;

/** The indexes of the columns that a prediction adds to those of the file. */
export function outputColumns({ columns, inputColumns }: Columns): {
  readonly predicted: readonly number[];
  readonly version: number;
  /** Why a row has no prediction. */
  readonly reason: number;
} {
  const version = columns.length - 2;
  return {
    predicted: Array.from({ length: version - inputColumns }, (_, index) => inputColumns + index),
    version,
    reason: version + 1,
  };
}

/**
 * Whether a column of the first rows has numbers of the prediction, which pages write in one form. A class, the number of a
 * version and a cell of the file stay as they are, though they may look like a number.
 * @param at the index of the column
 */
export function hasPredictedNumbers(at: number, preview: Columns, target: Kind): boolean {
  const { predicted } = outputColumns(preview);
  return (target === 'number' ? predicted : predicted.slice(1)).includes(at);
}

/** The number in a cell, whose decimal mark is that of the file; undefined for other text. */
export function numberIn(text: string): number | undefined {
  const value = text === '' ? Number.NaN : Number(text.replace(',', '.'));
  return Number.isNaN(value) ? undefined : value;
}
