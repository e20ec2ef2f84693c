import { PlatformError } from '../kernel/errors.ts';
import { seededRandom } from '../kernel/random.ts';
import { selectRows } from './rows.ts';
import type { TrainingRows } from '../project/models/trainer.ts';

/**
 * Assigns groups to folds in a random order by `seed`, so that the sizes of folds differ by at most one group.
 * @returns the fold of each row, from 0; `folds` of them, or as many as there are groups
 * @throws PlatformError DATA_INVALID for fewer than two groups
 */
export function groupFolds(group: Int32Array, folds: number, seed: number): Int32Array {
  const groups = [...new Set(group)].toSorted((a, b) => a - b);
  if (groups.length < 2)
    throw new PlatformError('DATA_INVALID', {
      field: 'groups of the training rows',
      value: groups.length,
      remedy: 'Intervals are measured on left-out groups: train on rows of at least two groups.',
    });
  const random = seededRandom(seed);
  for (let last = groups.length - 1; last > 0; last--) {
    const drawn = Math.floor(random() * (last + 1));
    [groups[last], groups[drawn]] = [groups[drawn] as number, groups[last] as number];
  }
  const foldOf = new Map(groups.map((number, at) => [number, at % Math.min(folds, groups.length)]));
  return group.map((number) => foldOf.get(number) as number);
}

/**
 * Predicts every row with a model that was fitted on the other folds.
 * @param fit returns a function that predicts rows, one number for each
 */
export function outOfFold(
  rows: TrainingRows,
  fold: Int32Array,
  fit: (train: TrainingRows, fold: number) => (rows: TrainingRows) => Float32Array,
): Float64Array {
  const predictions = new Float64Array(rows.matrix.rows);
  const numbers = Int32Array.from(fold.keys());
  for (const out of new Set(fold)) {
    const held = numbers.filter((row) => fold[row] === out);
    const predict = fit(
      selectRows(
        rows,
        numbers.filter((row) => fold[row] !== out),
      ),
      out,
    );
    const predicted = predict(selectRows(rows, held));
    for (const [at, row] of held.entries()) predictions[row] = predicted[at] as number;
  }
  return predictions;
}
