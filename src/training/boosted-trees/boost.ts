import { seededRandom } from '../../kernel/random.ts';
import type { Target } from '../../project/models/kind.ts';
import type { Matrix } from '../../project/models/trainer.ts';
import { checkExamples } from './check-examples.ts';
import { type GrownTree, TreeGrower } from './grow.ts';
import {
  huberSlope,
  type LabelledRows,
  type Loss,
  lossOf,
  type LossSpec,
  meanLoss,
  weightedQuantile,
} from './loss.ts';
import type { TreeOptions } from './options.ts';
import { planTraining } from './plan-training.ts';
import { drawShare } from './sampling.ts';
import { oneThread, type RunningTraining, type TreeThreads } from './threads.ts';
import type { TrainingArrays } from './training-memory.ts';
import { addTree, joinTrees, predictColumns, rowMajor, splitTrees, type Tree, type Trees } from './trees.ts';

/** Examples: one target for each row of the matrix. */
export interface Examples extends LabelledRows {
  readonly matrix: Matrix;
}

export interface BoostOptions {
  readonly options: TreeOptions;
  /** What the target is. @default a number */
  readonly target?: Target;
  /** Rows for early stopping. @default none: every tree is kept */
  readonly validation?: Examples;
  /** A model of the same features and loss that the new trees are added to. @default none */
  readonly from?: Trees | undefined;
  /** The number of threads does not change the trees. @default one */
  readonly threads?: TreeThreads;
  /** Called after each round with the number of rounds. */
  readonly onTree?: (rounds: number) => void;
  /** Called after some of the rounds, evenly spread, with the mean loss of the rows and of the validation rows. */
  readonly onLoss?: (loss: RoundLoss) => void;
}

export interface RoundLoss {
  readonly round: number;
  readonly train: number;
  readonly validation: number;
}

/** The most rounds of which losses are reported. */
const mostLosses = 100;

/**
 * Boosts trees for the loss of the target, one tree a round for each output, starting from the best constant or from an
 * earlier model. With validation rows and early stopping, it stops after that many rounds without a lower validation loss,
 * and keeps the trees up to the lowest. The same arguments give the same trees.
 * @throws PlatformError DATA_INVALID for no rows, a target or weight that is not finite, an infinite feature
 */
export function boostTrees(examples: Examples, boost: BoostOptions): Trees {
  const { options, from } = boost;
  const { matrix } = examples;
  const spec = lossSpec(boost.target ?? { kind: 'number' }, options, examples);
  checkExamples(examples, spec);
  const loss = lossOf(spec);
  const plan = planTraining(examples, { loss: spec, options, threads: boost.threads?.count ?? 1 });
  const training = (boost.threads ?? oneThread).start(plan);
  try {
    const { arrays } = training.thread;
    const start = startOf(loss, examples, from);
    fillMargins(arrays, { matrix, from, start, shifted: true });
    const grower = new TreeGrower(training, plan);
    const rounds = { loss, start, training, grower, examples, boost };
    const parts = [...(from ? splitTrees(from) : []), ...growRounds(rounds)];
    return joinTrees(parts, { features: matrix.features, objective: loss.objective, bases: start.bases });
  } finally {
    training.end();
  }
}

interface Rounds {
  readonly loss: Loss;
  readonly start: Start;
  readonly training: RunningTraining;
  readonly grower: TreeGrower;
  readonly examples: Examples;
  readonly boost: BoostOptions;
}

function growRounds({ loss, start, training, grower, examples, boost }: Rounds): readonly Tree[] {
  const { options, validation, from, onLoss } = boost;
  const { matrix } = examples;
  const { arrays } = training.thread;
  const stops = options.earlyStopping > 0;
  const watching = validation && (stops || onLoss) ? watch(validation, { loss, start, from }) : undefined;
  const between = Math.ceil(options.trees / mostLosses);
  const random = seededRandom(options.seed);
  // Trees that leave rows out must also be added to these rows.
  const values = options.rowShare < 1 ? rowMajor(matrix.columns, 0, matrix.rows) : undefined;
  const all = Int32Array.from({ length: values ? 0 : matrix.rows }, (_, row) => row);
  const parts: Tree[] = [];
  for (let round = 0; round < options.trees; round++) {
    training.run({ kind: 'derive' });
    if (round === 0) fillMargins(arrays, { matrix, from, start, shifted: false });
    const rows = values ? drawShare(matrix.rows, options.rowShare, random) : all;
    arrays.allowed.fill(0);
    for (const feature of drawShare(matrix.columns.length, options.featureShare, random))
      arrays.allowed[feature] = 1;
    const trees = arrays.margins.map((margins, output) => {
      arrays.rows.set(rows);
      const grown = grower.grow(output, rows.length);
      const shift = round === 0 ? (start.shifts[output] as number) : 0;
      if (loss.leafQuantile !== undefined)
        quantileLeaves(grown, { level: loss.leafQuantile, arrays, margins, rate: options.learningRate });
      if (shift !== 0) shiftLeaves(grown.tree, shift);
      if (values) addTree(grown.tree, values, margins);
      else updateMargins(training, grown, output);
      return grown.tree;
    });
    parts.push(...trees);
    boost.onTree?.(round + 1);
    if (!watching) continue;
    const validationLoss = watching.add(trees);
    if (onLoss && round % between === 0)
      onLoss({
        round: round + 1,
        train: meanLoss(loss, arrays.margins, examples),
        validation: validationLoss,
      });
    if (stops && watching.sinceBest() >= options.earlyStopping) break;
  }
  return parts.slice(0, watching && stops ? watching.best() * loss.outputs : parts.length);
}

/** Numbers have the loss of the options; yes or no and classes have log loss. */
export function lossSpec(target: Target, options: TreeOptions, rows: LabelledRows): LossSpec {
  if (target.kind === 'boolean') return { kind: 'logistic' };
  if (target.kind === 'class') return { kind: 'softmax', classes: target.classes.length };
  switch (options.loss) {
    case 'squared':
    case 'poisson':
      return { kind: options.loss };
    case 'quantile':
      return { kind: 'quantile', level: options.quantile };
    case 'huber':
      return { kind: 'huber', slope: options.huberSlope ?? huberSlope(rows) };
  }
}

/** The mean loss of a model. */
export function modelLoss(trees: Trees, rows: Examples, spec: LossSpec): number {
  return meanLoss(lossOf(spec), marginsOf(trees, rows.matrix), rows);
}

/**
 * Where margins start. XGBoost saves one base for all outputs, and not as a margin where margins are logarithms: then the
 * base is 0, and the first tree of each output adds what is left.
 */
interface Start {
  readonly bases: Float32Array;
  readonly shifts: readonly number[];
}

function startOf(loss: Loss, rows: LabelledRows, from: Trees | undefined): Start {
  const none = Array.from({ length: loss.outputs }, () => 0);
  if (from) return { bases: from.bases, shifts: none };
  const margins = loss.start(rows);
  return loss.objective.startsWith('reg:')
    ? { bases: Float32Array.from(margins), shifts: none }
    : { bases: Float32Array.from(none), shifts: margins };
}

/** @param shifted with what the first tree will add, which derivatives see and margins do not have yet */
function fillMargins(
  { margins }: TrainingArrays,
  given: {
    readonly matrix: Matrix;
    readonly from: Trees | undefined;
    readonly start: Start;
    readonly shifted: boolean;
  },
): void {
  const { matrix, from, start, shifted } = given;
  const earlier = from && marginsOf(from, matrix);
  for (const [output, ofOutput] of margins.entries())
    if (earlier) ofOutput.set(earlier[output] as Float32Array);
    else ofOutput.fill((start.bases[output] as number) + (shifted ? (start.shifts[output] as number) : 0));
}

/** The margins of all rows, one array for each output. */
function marginsOf(trees: Trees, { columns, rows }: Matrix): readonly Float32Array[] {
  const outputs = trees.bases.length;
  const all = predictColumns(trees, columns, rows);
  return Array.from(trees.bases, (_, output) =>
    Float32Array.from({ length: rows }, (_value, row) => all[row * outputs + output] as number),
  );
}

/** Adds to the value of every leaf. */
function shiftLeaves({ feature, value }: Tree, shift: number): void {
  for (let node = 0; node < feature.length; node++)
    if ((feature[node] as number) < 0) value[node] = (value[node] as number) + shift;
}

interface QuantileLeaves {
  readonly level: number;
  readonly arrays: TrainingArrays;
  readonly margins: Float32Array;
  readonly rate: number;
}

/** Derivatives of the pinball loss say on which side a row is, not how far: leaves get the quantile of what is left. */
function quantileLeaves({ tree, leaves }: GrownTree, { level, arrays, margins, rate }: QuantileLeaves): void {
  const { rows, target, weight } = arrays;
  for (const { node, from, to } of leaves) {
    const ofLeaf = rows.subarray(from, to);
    const left = Float64Array.from(ofLeaf, (row) => (target[row] as number) - (margins[row] as number));
    const weights = weight && Float64Array.from(ofLeaf, (row) => weight[row] as number);
    tree.value[node] = rate * weightedQuantile(left, level, weights);
  }
}

function updateMargins(training: RunningTraining, { tree, leaves }: GrownTree, output: number): void {
  const table = training.thread.arrays.leaves;
  for (const [at, { node, from, to }] of leaves.entries())
    table.set([from, to, tree.value[node] as number], at * 3);
  training.run({ kind: 'update', output, leaves: leaves.length });
}

interface Watching {
  /** @param trees of one round. @returns the mean loss */
  add(trees: readonly Tree[]): number;
  /** The number of rounds since the lowest loss. */
  sinceBest(): number;
  /** The number of rounds with the lowest loss. */
  best(): number;
}

function watch(
  rows: Examples,
  { loss, start, from }: { readonly loss: Loss; readonly start: Start; readonly from: Trees | undefined },
): Watching {
  const { matrix } = rows;
  const values = rowMajor(matrix.columns, 0, matrix.rows);
  const margins = from
    ? marginsOf(from, matrix)
    : Array.from(start.bases, (base) => new Float32Array(matrix.rows).fill(base));
  let [seen, best, lowest] = [0, 0, Infinity];
  return {
    add(trees) {
      for (const [output, tree] of trees.entries()) addTree(tree, values, margins[output] as Float32Array);
      seen++;
      const error = meanLoss(loss, margins, rows);
      if (error < lowest) [best, lowest] = [seen, error];
      return error;
    },
    sinceBest: () => seen - best,
    best: () => best,
  };
}
