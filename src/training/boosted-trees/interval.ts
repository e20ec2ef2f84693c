import { z } from 'zod';
import { conformalQuantiles } from '../conformal.ts';
import { groupFolds, outOfFold } from '../folds.ts';
import { jsonOf, parseModel } from '../model-file.ts';
import type { TrainingRows } from '../../project/models/trainer.ts';
import { boostTrees } from './boost.ts';
import { readTreeOptions, type TreeOptions } from './options.ts';
import { respond } from './objective.ts';
import { oneThread, type TreeThreads } from './threads.ts';
import { openScorer } from './scorer.ts';
import type { Trees } from './trees.ts';

/** The fitted interval, as in interval.json: quantiles in units of the scale, and the scale's minimum. */
const intervalSchema = z.object({
  format: z.literal(1),
  level: z.number().gt(0).lt(1),
  low: z.number().max(0),
  high: z.number().min(0),
  floor: z.number().positive(),
});

export type Interval = z.output<typeof intervalSchema>;

/** Number of folds for out-of-fold predictions. */
export const folds = 4;

/** Trees of the model of an error's size: few and shallow, because errors are noisy. */
export const scaleTrees = 60;

export interface IntervalOptions {
  /** Options of the model whose errors are measured, with the number of trees after early stopping. */
  readonly options: TreeOptions;
  readonly level: number;
  readonly threads?: TreeThreads;
  readonly onTree?: () => void;
}

/**
 * Measures out-of-fold errors, learns how their size depends on the features, and how many such sizes an interval must
 * span to contain its share. So it is narrow where the model is accurate.
 * @throws PlatformError DATA_INVALID for fewer than two groups
 */
export function fitInterval(
  rows: TrainingRows,
  { options, level, onTree, threads = oneThread }: IntervalOptions,
): { readonly interval: Interval; readonly scale: Trees } {
  const tick = { threads, ...(onTree && { onTree }) };
  const fold = groupFolds(rows.group, folds, options.seed);
  const predictions = outOfFold(rows, fold, (train) => predicting(boostTrees(train, { options, ...tick })));
  return fitSizes({ rows, fold, predictions }, { options, level, ...tick });
}

/** With so many left-out groups, more of them would not change an interval by a hundredth of its share. */
const enoughGroups = 20_000;

/** Whether rows that early stopping left out are enough to measure errors on. */
export function isEnoughForInterval({ group }: Pick<TrainingRows, 'group'>): boolean {
  return group.length >= enoughGroups && new Set(group).size >= enoughGroups;
}

/**
 * As `fitInterval`, from predictions of rows by a model that did not learn from them: for many rows, instead of a model for
 * each fold.
 */
export function fitIntervalOfLeftOut(
  rows: TrainingRows,
  predictions: ArrayLike<number>,
  options: IntervalOptions,
): { readonly interval: Interval; readonly scale: Trees } {
  const fold = groupFolds(rows.group, folds, options.options.seed);
  return fitSizes({ rows, fold, predictions }, options);
}

interface PredictedRows {
  readonly rows: TrainingRows;
  readonly fold: Int32Array;
  /** By models that did not learn from the row. */
  readonly predictions: ArrayLike<number>;
}

function fitSizes(
  { rows, fold, predictions }: PredictedRows,
  { options, level, onTree, threads = oneThread }: IntervalOptions,
): { readonly interval: Interval; readonly scale: Trees } {
  const tick = { threads, ...(onTree && { onTree }) };
  const errors = rows.target.map((truth, row) => truth - (predictions[row] as number));
  const sized: TrainingRows = { ...rows, target: errors.map(Math.abs) };
  const mean = sized.target.reduce((sum, size) => sum + size, 0) / errors.length;
  const floor = mean > 0 ? mean / 10 : 1;
  const scaleOptions = optionsOfScale(options, errors.length);
  const scales = outOfFold(sized, fold, (train) =>
    predicting(boostTrees(train, { options: scaleOptions, ...tick })),
  );
  const ratios = errors.map((error, row) => error / Math.max(floor, scales[row] as number));
  return {
    interval: { format: 1, level, floor, ...conformalQuantiles(ratios, level) },
    scale: boostTrees(sized, { options: scaleOptions, ...tick }),
  };
}

function predicting(trees: Trees): (rows: TrainingRows) => Float32Array {
  const score = openScorer(trees);
  return ({ matrix }) => respond(trees.objective, score(matrix.columns, matrix.rows), 1);
}

function optionsOfScale({ seed, bins, categories }: TreeOptions, rows: number): TreeOptions {
  const minLeafRows = Math.max(20, Math.round(rows / 50));
  return readTreeOptions({
    trees: scaleTrees,
    depth: 3,
    learningRate: 0.1,
    minLeafRows,
    earlyStopping: 0,
    seed,
    bins,
    categories,
  });
}

/** @throws PlatformError MODEL_UNSUPPORTED */
export function readInterval(bytes: Uint8Array, name: string): Interval {
  const remedy = 'This build reads interval format 1; train the model again.';
  return parseModel(intervalSchema, jsonOf(bytes), { field: name, remedy });
}
