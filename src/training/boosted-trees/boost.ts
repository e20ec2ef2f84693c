import { PlatformError } from '../../kernel/errors.ts';
import { seededRandom } from '../../kernel/random.ts';
import type { Matrix } from '../../project/trainer.ts';
import { binMatrix } from './bins.ts';
import { type GrownTree, TreeGrower } from './grow.ts';
import type { TreeOptions } from './options.ts';
import { drawShare } from './sampling.ts';
import { addTree, joinTrees, rowMajor, type Tree, type Trees } from './trees.ts';

/** Examples: one target for each row of the matrix. */
export interface Examples {
  readonly matrix: Matrix;
  readonly target: Float64Array;
}

export interface BoostOptions {
  readonly options: TreeOptions;
  /** Rows for early stopping. @default none: every tree is kept */
  readonly validation?: Examples;
  /** Called after each tree with the number of trees. */
  readonly onTree?: (trees: number) => void;
}

/**
 * Boosts regression trees for squared loss, starting from the mean of the target. With validation rows and early stopping,
 * it stops after that many trees without a lower validation error, and keeps the trees up to the lowest. The same arguments
 * give the same trees.
 * @throws PlatformError DATA_INVALID for no rows, a target that is not finite, an infinite feature
 */
export function boostTrees({ matrix, target }: Examples, boost: BoostOptions): Trees {
  checkTarget(target);
  const { options } = boost;
  const base = Math.fround(mean(target));
  const binned = binMatrix(matrix, options.bins);
  const scores = new Float32Array(matrix.rows).fill(base);
  const gradients = target.map((truth) => base - truth);
  const grower = new TreeGrower({ binned, features: new Int32Array(0), options }, gradients);
  const values = options.rowShare < 1 ? rowMajor(matrix.columns, 0, matrix.rows) : undefined;
  const training: Training = { target, scores, gradients, values };
  const stopping = boost.validation && options.earlyStopping > 0 ? watch(boost.validation, base) : undefined;
  const random = seededRandom(options.seed);
  const parts: Tree[] = [];
  while (parts.length < options.trees) {
    const rows = drawShare(matrix.rows, options.rowShare, random);
    const features = drawShare(matrix.columns.length, options.featureShare, random);
    const grown = grower.grow(rows, features);
    parts.push(grown.tree);
    learn(training, grown, rows);
    boost.onTree?.(parts.length);
    if (stopping && stopping.add(grown.tree) >= options.earlyStopping) break;
  }
  return joinTrees(parts.slice(0, stopping?.best() ?? parts.length), base, matrix.features);
}

interface Training {
  readonly target: Float64Array;
  readonly scores: Float32Array;
  readonly gradients: Float64Array;
  /** The values of every row, one row after another, if trees leave rows out. */
  readonly values: Float32Array | undefined;
}

/** Adds the tree to the scores, and computes the gradients of ½(score − target)² again. */
function learn(training: Training, { tree, leaves }: GrownTree, rows: Int32Array): void {
  const { target, scores, gradients, values } = training;
  if (values) {
    addTree(tree, values, scores);
    for (let row = 0; row < target.length; row++)
      gradients[row] = (scores[row] as number) - (target[row] as number);
    return;
  }
  for (const { node, from, to } of leaves) {
    const value = tree.value[node] as number;
    for (let k = from; k < to; k++) {
      const row = rows[k] as number;
      scores[row] = (scores[row] as number) + value;
      gradients[row] = (scores[row] as number) - (target[row] as number);
    }
  }
}

interface Stopping {
  /** @returns the number of trees since the lowest error */
  add(tree: Tree): number;
  /** The number of trees with the lowest error. */
  best(): number;
}

function watch({ matrix, target }: Examples, base: number): Stopping {
  const values = rowMajor(matrix.columns, 0, matrix.rows);
  const scores = new Float32Array(matrix.rows).fill(base);
  let [seen, best, lowest] = [0, 0, Infinity];
  return {
    add(tree) {
      addTree(tree, values, scores);
      seen++;
      let error = 0;
      for (let row = 0; row < scores.length; row++)
        error += ((scores[row] as number) - (target[row] as number)) ** 2;
      if (error < lowest) [best, lowest] = [seen, error];
      return seen - best;
    },
    best: () => best,
  };
}

function checkTarget(target: Float64Array): void {
  const wrong = target.findIndex((value) => !Number.isFinite(value));
  if (target.length > 0 && wrong < 0) return;
  throw new PlatformError('DATA_INVALID', {
    field: target.length === 0 ? 'training rows' : `target of training row ${wrong}`,
    value: target.length === 0 ? 0 : String(target[wrong]),
    remedy:
      target.length === 0 ? 'Training needs at least one row.' : 'Leave out rows without a finite target.',
  });
}

function mean(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}
