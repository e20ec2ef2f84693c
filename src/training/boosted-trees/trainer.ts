import { setImmediate as nextTurn } from 'node:timers/promises';
import { PlatformError } from '../../kernel/errors.ts';
import { mae, r2, rmse } from '../metrics/regression.ts';
import { joinRows } from '../rows.ts';
import {
  defineTrainer,
  type FitContext,
  type Fitted,
  type MlflowFlavors,
  type ModelFile,
  type TrainerType,
  type TrainingSubsets,
  type TrialResult,
} from '../../project/trainer.ts';
import { boostTrees } from './boost.ts';
import { fitInterval, folds, type Interval, scaleTrees } from './interval.ts';
import { type BoostedTreesOptions, readTreeOptions, type TreeOptions, treeOptions } from './options.ts';
import { openPredictor } from './predictor.ts';
import { gainShares, predictColumns, type Trees } from './trees.ts';
import { xgboostNames } from './xgboost-names.ts';
import { writeXgboost } from './xgboost-write.ts';

/** The files of a model of boosted trees. */
export const modelFiles = {
  model: 'model.xgb.json',
  scale: 'scale.xgb.json',
  interval: 'interval.json',
} as const;

/** Gradient-boosted trees by the histogram method, for squared loss, with missing values, saved as an XGBoost model. */
export const boostedTrees: TrainerType<'boosted-trees', TreeOptions, BoostedTreesOptions, 'number'> =
  defineTrainer({
    name: 'boosted-trees',
    options: treeOptions,
    learns: ['number'],
    fit,
    trial,
    open: (read) => openPredictor(read, modelFiles),
    mlflow: xgboostFlavors,
  });

async function fit(
  given: BoostedTreesOptions,
  { train, validation }: TrainingSubsets,
  context: FitContext,
): Promise<Fitted> {
  const options = readTreeOptions({ ...given });
  checkLevel(context.interval);
  const progress = countTrees(context, options.trees);
  const stopped = boostTrees(train, { options, validation, onTree: progress.tick });
  const trees = treesIn(stopped);
  progress.settle(trees);
  await nextTurn();
  const fittedParams: TreeOptions = { ...options, trees, earlyStopping: 0 };
  const all = joinRows(train, validation);
  const model = boostTrees(all, { options: fittedParams, onTree: progress.tick });
  await nextTurn();
  const { interval, scale } = fitInterval(all, {
    options: fittedParams,
    level: context.interval,
    onTree: progress.tick,
  });
  return { files: filesOf(model, scale, interval), importances: gainShares(model), fittedParams: { trees } };
}

async function trial(
  given: BoostedTreesOptions,
  { train, validation }: TrainingSubsets,
): Promise<TrialResult> {
  const trees = boostTrees(train, { options: readTreeOptions({ ...given }), validation });
  const { columns, rows } = validation.matrix;
  const scored = { truth: validation.target, predicted: predictColumns(trees, columns, rows) };
  const metrics = { mae: mae(scored), rmse: rmse(scored), r2: r2(scored) };
  return { metrics, loss: metrics.rmse, fittedParams: { trees: treesIn(trees) } };
}

function treesIn(trees: Trees): number {
  return trees.starts.length - 1;
}

function filesOf(model: Trees, scale: Trees, interval: Interval): readonly ModelFile[] {
  return [
    { name: modelFiles.model, bytes: writeXgboost(model) },
    { name: modelFiles.scale, bytes: writeXgboost(scale) },
    { name: modelFiles.interval, bytes: new TextEncoder().encode(`${JSON.stringify(interval)}\n`) },
  ];
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

/** Early stopping, the model, one model for each fold, and the scale's: the number of trees is known after the first. */
function countTrees(context: FitContext, most: number): TreeCount {
  const rest = (trees: number): number => trees * (1 + folds) + scaleTrees * (1 + folds);
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
function xgboostFlavors(): MlflowFlavors {
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
    outputs: [{ type: 'tensor', 'tensor-spec': { dtype: 'float32', shape: [-1] } }],
  };
}
