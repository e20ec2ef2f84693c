export { z } from 'zod';
export { PlatformError } from './kernel/errors.ts';
export { type Chance, chanceOf, pick } from './kernel/chance.ts';
export { defineProject, type ProjectOptions } from './project/define.ts';
export type { Project } from './project/project.ts';
export { type Features, model, type Model, type ModelOptions, type PredictionOf } from './project/model.ts';
export { featureView, type FeatureView, type Lookup } from './project/feature-view.ts';
export type { Servable } from './project/live.ts';
export type { Measure, Tested } from './project/measure.ts';
export { above, below } from './project/monitoring.ts';
export type { Kind, KindOf, Target } from './project/kind.ts';
export type {
  BinaryMetric,
  ClassMetric,
  ForecastMetric,
  MetricFor,
  RegressionMetric,
} from './project/metric.ts';
export { params } from './project/params.ts';
export { higher, lower, type PromotionRule } from './project/promotion.ts';
export type { Range, Search } from './project/search.ts';
export type { ServeOptions } from './project/serving.ts';
export {
  type Origin,
  type RawFile,
  type ReadContext,
  type Reader,
  simulation,
  type Simulation,
  source,
  type Source,
} from './project/source.ts';
export type { Split, SplitFor } from './project/split.ts';
export { step, type Step, type StepContext, type Table, type TableWriter } from './project/step.ts';
export { table, type RowOf, type TableDeclaration, type TableRef } from './project/table.ts';
export {
  defineTrainer,
  type FitContext,
  type Fitted,
  type Matrix,
  type MlflowFlavors,
  type ModelFile,
  type Trainer,
  type TrainerDefinition,
  type TrainingRows,
  type TrainingSubsets,
  type TrialContext,
  type TrialResult,
} from './project/trainer.ts';
export type { Explanation, Predictor } from './project/predictor.ts';
export { boostedTrees } from './training/boosted-trees/trainer.ts';
export type { BoostedTreesOptions } from './training/boosted-trees/options.ts';
