import type { EndpointView, NewBatchView } from '../../../src/client/index.ts';

export type Kind = EndpointView['target']['type']['kind'];

/**
 * Whether a column of the first rows has numbers of the prediction, which pages write in one form. A class, the number of a
 * version and a cell of the file stay as they are, though they may look like a number.
 * @param at the index of the column
 */
export function hasPredictedNumbers(
  at: number,
  { columns, inputColumns }: Pick<NewBatchView['preview'], 'columns' | 'inputColumns'>,
  target: Kind,
): boolean {
  const first = inputColumns + (target === 'number' ? 0 : 1);
  // The last two are the version and the reason.
  return at >= first && at < columns.length - 2;
}

/** The number in a cell, whose decimal mark is that of the file; undefined for other text. */
export function numberIn(text: string): number | undefined {
  const value = text === '' ? Number.NaN : Number(text.replace(',', '.'));
  return Number.isNaN(value) ? undefined : value;
}
