import { availableParallelism } from 'node:os';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { PlatformError } from '../../kernel/errors.ts';
import { jsonFile } from '../model-file.ts';
import { joinRows } from '../rows.ts';
import type { Target } from '../../project/models/kind.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import {
  defineTrainer,
  type FitContext,
  type Fitted,
  type Matrix,
  type MlflowFlavors,
  type ModelFile,
  type TrainerType,
  type TrainingRows,
  type TrainingSubsets,
  type TrialContext,
  type TrialResult,
} from '../../project/models/trainer.ts';
import { trialResult } from '../trial.ts';
import { boostTrees, lossSpec, modelLoss, type RoundLoss } from './boost.ts';
import { fitInterval, fitIntervalOfLeftOut, folds, isEnoughForInterval, scaleTrees } from './interval.ts';
import {
  type BoostedTreesOptions,
  readTreeOptions,
  type TreeOptions,
  treeOptions,
  usedTreeOptions,
} from './options.ts';
import { learningCurve } from './learning-curve.ts';
import { openPredictor } from './predictor.ts';
import { predictPlain } from './responses.ts';
import { gainShares, type Trees } from './trees.ts';
import { openThreads, type TreeThreads } from './threads.ts';
import { xgboostNames } from './xgboost-names.ts';
import { writeXgboost } from './xgboost-write.ts';

/** The files of a model of boosted trees. */
export const modelFiles = {
  model: 'model.xgb.json',
  scale: 'scale.xgb.json',
  interval: 'interval.json',
} as const;

/**
 * Gradient-boosted trees by the histogram method for numbers, yes or no, and classes, with missing values, saved as an
 * XGBoost model.
 */
export const boostedTrees: TrainerType<'boosted-trees', TreeOptions, BoostedTreesOptions> = defineTrainer({
  name: 'boosted-trees',
  options: treeOptions,
  learns: ['number', 'boolean', 'class'],
  usedOptions: usedTreeOptions,
  fit,
  trial,
  open: (read) => openPredictor(read, modelFiles),
  mlflow: xgboostFlavors,
});

async function fit(given: BoostedTreesOptions, rows: TrainingSubsets, context: FitContext): Promise<Fitted> {
  const { target } = context;
  if (target.kind === 'number') checkLevel(context.interval);
  const all = joinRows(rows.train, rows.validation);
  const threads = await openThreads(threadsFor(all.matrix));
  try {
    return await fitWith(threads, { options: readTreeOptions({ ...given }), rows, all, context });
  } finally {
    await threads.close();
  }
}

interface Fit {
  readonly options: TreeOptions;
  readonly rows: TrainingSubsets;
  readonly all: TrainingRows;
  readonly context: FitContext;
}

async function fitWith(threads: TreeThreads, { options, rows, all, context }: Fit): Promise<Fitted> {
  const { target } = context;
  const { train, validation } = rows;
  const isEnough = isEnoughForInterval(validation);
  const progress = countTrees(context, { most: options.trees, fitsOfInterval: isEnough ? 0 : folds });
  const common = { target, threads, onTree: progress.tick };
  const losses: RoundLoss[] = [];
  const onLoss = (loss: RoundLoss): void => void losses.push(loss);
  const stopped = boostTrees(train, { ...common, options, validation, onLoss });
  const heldOut = predictPlain(stopped, validation.matrix, target);
  const trees = roundsIn(stopped);
  progress.settle(trees);
  await nextTurn();
  const fittedParams: TreeOptions = { ...options, trees, earlyStopping: 0 };
  const model = boostTrees(all, { ...common, options: fittedParams });
  const classes = target.kind === 'class' ? target.classes : undefined;
  const files: ModelFile[] = [{ name: modelFiles.model, bytes: writeXgboost(model, classes) }];
  if (target.kind === 'number') {
    await nextTurn();
    const intervalOptions = { ...common, options: fittedParams, level: context.interval };
    const { interval, scale } = isEnough
      ? fitIntervalOfLeftOut(validation, heldOut.map(valueOf), intervalOptions)
      : fitInterval(all, intervalOptions);
    files.push(
      { name: modelFiles.scale, bytes: writeXgboost(scale) },
      jsonFile(modelFiles.interval, interval),
    );
  }
  const learning = learningCurve(lossSpec(target, options, train), losses, trees);
  return { files, importances: gainShares(model), fittedParams: { trees }, learning, heldOut };
}

/** Losses that are no metric: the search lowers them as they are. */
const ownLosses: ReadonlySet<string> = new Set(['poisson', 'quantile', 'huber']);

/** Below it a second thread costs more than it saves. */
const cellsForThreads = 400_000;
const mostThreads = 8;

function threadsFor({ rows, columns }: Matrix): number {
  if (rows * columns.length < cellsForThreads) return 1;
  return Math.min(mostThreads, availableParallelism(), Math.ceil(columns.length / 4));
}

async function trial(
  given: BoostedTreesOptions,
  { train, validation }: TrainingSubsets,
  { target }: TrialContext,
): Promise<TrialResult> {
  const threads = await openThreads(threadsFor(train.matrix));
  try {
    const options = readTreeOptions({ ...given });
    const trees = boostTrees(train, { options, target, validation, threads });
    const heldOut = predictPlain(trees, validation.matrix, target);
    const result = trialResult(target, validation, heldOut);
    const loss = lossSpec(target, options, train);
    return {
      ...result,
      ...(ownLosses.has(loss.kind) && { loss: modelLoss(trees, validation, loss) }),
      fittedParams: { trees: roundsIn(trees) },
    };
  } finally {
    await threads.close();
  }
}

function roundsIn({ output, bases }: Trees): number {
  return output.length / bases.length;
}

function valueOf(prediction: Prediction): number {
  return prediction.kind === 'number' ? prediction.value : Number.NaN;
}

function checkLevel(level: number): void {
  if (level > 0 && level < 1) return;
  const remedy = 'must be the share of outcomes inside an interval, between 0 and 1, such as 0.8';
  throw new PlatformError('PROJECT_INVALID', { field: 'interval', value: level, remedy });
}

interface TreeCount {
  readonly tick: () => void;
  readonly settle: (trees: number) => void;
}

/**
 * Early stopping and the model; for a number, also models of its errors, and the scale's: the number of trees is known after
 * the first.
 */
function countTrees(
  context: FitContext,
  { most, fitsOfInterval }: { readonly most: number; readonly fitsOfInterval: number },
): TreeCount {
  const isNumber = context.target.kind === 'number';
  const rest = (trees: number): number =>
    isNumber ? trees * (1 + fitsOfInterval) + scaleTrees * (1 + folds) : trees;
  let done = 0;
  let total = most + rest(most);
  return {
    tick: () => context.progress(Math.min(++done, total), total, 'trees'),
    settle: (trees) => {
      total = done + rest(trees);
    },
  };
}

/** A booster returns a NumPy array of float32, and gets the columns of a data frame by the names of the signature. */
export function xgboostFlavors(
  _features: readonly string[],
  target: Target = { kind: 'number' },
): MlflowFlavors {
  const shape = target.kind === 'class' ? [-1, target.classes.length] : [-1];
  return {
    flavors: {
      python_function: { data: modelFiles.model, loader_module: 'mlflow.xgboost' },
      xgboost: {
        code: null,
        data: modelFiles.model,
        model_class: 'xgboost.core.Booster',
        model_format: 'json',
        xgb_version: '2.1.0',
      },
    },
    requirements: ['pandas>=2', 'xgboost>=2.0,<4'],
    columnNames: xgboostNames,
    outputs: [{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape } }],
  };
}
