import { PlatformError } from '../kernel/errors.ts';
import { seededRandom } from '../kernel/random.ts';
import { selectRows } from './rows.ts';
import type { TrainingRows } from '../project/trainer.ts';

/**
 * Deals whole groups out to folds, in an order drawn by `seed`, so that folds differ by one group at most.
 * @returns the fold of each row, from 0; `folds` of them, or as many as there are groups
 * @throws PlatformError DATA_INVALID for fewer than two groups
 */
export function groupFolds(group: Int32Array, folds: number, seed: number): Int32Array {
  const groups = [...new Set(group)].toSorted((a, b) => a - b);
  if (groups.length < 2)
    throw new PlatformError('DATA_INVALID', {
      field: 'groups of the training rows',
      value: groups.length,
      remedy: 'An interval is measured on groups that were left out: give rows of two groups at least.',
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
 * Answers every row by a model that was fitted on the other folds alone.
 * @param fit gives a function that answers rows, one number a row
 */
export function outOfFold(
  rows: TrainingRows,
  fold: Int32Array,
  fit: (train: TrainingRows, fold: number) => (rows: TrainingRows) => Float32Array,
): Float64Array {
  const answers = new Float64Array(rows.matrix.rows);
  const numbers = Int32Array.from(fold.keys());
  for (const out of new Set(fold)) {
    const held = numbers.filter((row) => fold[row] === out);
    const answer = fit(
      selectRows(
        rows,
        numbers.filter((row) => fold[row] !== out),
      ),
      out,
    );
    const answered = answer(selectRows(rows, held));
    for (const [at, row] of held.entries()) answers[row] = answered[at] as number;
  }
  return answers;
}
