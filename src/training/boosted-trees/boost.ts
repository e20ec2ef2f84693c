import { PlatformError } from '../../kernel/errors.ts';
import { seededRandom } from '../../kernel/random.ts';
import type { Target } from '../../project/kind.ts';
import type { Matrix } from '../../project/trainer.ts';
import { binMatrix } from './bins.ts';
import { type GrownTree, TreeGrower } from './grow.ts';
import { type Derivatives, type Loss, lossOf } from './loss.ts';
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
  /** What the target is. @default a number */
  readonly target?: Target;
  /** Rows for early stopping. @default none: every tree is kept */
  readonly validation?: Examples;
  /** Called after each round with the number of rounds. */
  readonly onTree?: (rounds: number) => void;
}

/**
 * Boosts trees for the loss of the target, one tree a round for each output, starting from the best constant. With
 * validation rows and early stopping, it stops after that many rounds without a lower validation loss, and keeps the trees
 * up to the lowest. The same arguments give the same trees.
 * @throws PlatformError DATA_INVALID for no rows, a target that is not finite, an infinite feature
 */
export function boostTrees({ matrix, target }: Examples, boost: BoostOptions): Trees {
  checkTarget(target);
  const { options } = boost;
  const loss = lossOf(boost.target ?? { kind: 'number' });
  const start = startOf(loss, target);
  const binned = binMatrix(matrix, options.bins);
  const training = newTraining({ matrix, target }, { loss, start, options });
  const grower = new TreeGrower({ binned, features: new Int32Array(0), options }, loss.countsRows);
  const stopping =
    boost.validation && options.earlyStopping > 0 ? watch(boost.validation, loss, start) : undefined;
  const random = seededRandom(options.seed);
  const parts: Tree[] = [];
  for (let round = 0; round < options.trees; round++) {
    loss.derive(training.margins, target, training.derivatives);
    if (round === 0) for (const margins of training.margins) margins.fill(start.base);
    const rows = drawShare(matrix.rows, options.rowShare, random);
    const features = drawShare(matrix.columns.length, options.featureShare, random);
    const trees = training.derivatives.map((derivatives, output) => {
      const ordered = rows.slice();
      const grown = grower.grow(derivatives, ordered, features);
      if (round === 0) shiftLeaves(grown.tree, start.shifts[output] as number);
      learn(training, grown, { output, rows: ordered });
      return grown.tree;
    });
    parts.push(...trees);
    boost.onTree?.(round + 1);
    if (stopping && stopping.add(trees) >= options.earlyStopping) break;
  }
  const bases = new Float32Array(loss.outputs).fill(start.base);
  const kept = stopping ? stopping.best() * loss.outputs : parts.length;
  return joinTrees(parts.slice(0, kept), { features: matrix.features, objective: loss.objective, bases });
}

/**
 * Where margins start. XGBoost saves one base for all outputs, and not as a margin where margins are logarithms: then the
 * base is 0, and the first tree of each output adds what is left.
 */
interface Start {
  readonly base: number;
  readonly shifts: readonly number[];
}

function startOf(loss: Loss, target: Float64Array): Start {
  const margins = loss.start(target);
  if (loss.objective === 'reg:squarederror') return { base: Math.fround(margins[0] as number), shifts: [0] };
  return { base: 0, shifts: margins };
}

/** Adds to the value of every leaf. */
function shiftLeaves({ feature, value }: Tree, shift: number): void {
  for (let node = 0; node < feature.length; node++)
    if ((feature[node] as number) < 0) value[node] = (value[node] as number) + shift;
}

interface Training {
  readonly target: Float64Array;
  /** One array for each output. */
  readonly margins: readonly Float32Array[];
  readonly derivatives: readonly Derivatives[];
  /** The values of every row, one row after another, if trees leave rows out. */
  readonly values: Float32Array | undefined;
}

function newTraining(
  { matrix, target }: Examples,
  { loss, start, options }: { readonly loss: Loss; readonly start: Start; readonly options: TreeOptions },
): Training {
  const forOutputs = <Value>(value: (shift: number) => Value): readonly Value[] => start.shifts.map(value);
  return {
    target,
    margins: forOutputs((shift) => new Float32Array(matrix.rows).fill(start.base + shift)),
    derivatives: forOutputs(() => ({
      gradients: new Float32Array(matrix.rows),
      hessians: new Float32Array(matrix.rows).fill(loss.countsRows ? 1 : 0),
    })),
    values: options.rowShare < 1 ? rowMajor(matrix.columns, 0, matrix.rows) : undefined,
  };
}

/** Adds the tree to the margins of its output. */
function learn(
  { margins, values }: Training,
  { tree, leaves }: GrownTree,
  { output, rows }: { readonly output: number; readonly rows: Int32Array },
): void {
  const sums = margins[output] as Float32Array;
  if (values) return addTree(tree, values, sums);
  for (const { node, from, to } of leaves) {
    const value = tree.value[node] as number;
    for (let k = from; k < to; k++) {
      const row = rows[k] as number;
      sums[row] = (sums[row] as number) + value;
    }
  }
}

interface Stopping {
  /** @param trees of one round. @returns the number of rounds since the lowest loss */
  add(trees: readonly Tree[]): number;
  /** The number of rounds with the lowest loss. */
  best(): number;
}

function watch({ matrix, target }: Examples, loss: Loss, { base }: Start): Stopping {
  const values = rowMajor(matrix.columns, 0, matrix.rows);
  const margins = Array.from({ length: loss.outputs }, () => new Float32Array(matrix.rows).fill(base));
  let [seen, best, lowest] = [0, 0, Infinity];
  return {
    add(trees) {
      for (const [output, tree] of trees.entries()) addTree(tree, values, margins[output] as Float32Array);
      seen++;
      const error = loss.mean(margins, target);
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
