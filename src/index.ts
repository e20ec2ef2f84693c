export { z } from 'zod';
export { PlatformError } from './kernel/errors.ts';
export { type Chance, chanceOf, pick } from './kernel/chance.ts';
export { batch, type Batch } from './project/batch.ts';
export { command, type Command } from './project/command.ts';
export { ColumnBatch, rowsOfBatches } from './project/tables/column-batch.ts';
export { type Database, postgres, sqlite } from './project/tables/database.ts';
export { defineProject, type ProjectOptions } from './project/define.ts';
export { featureView, type FeatureView, type Lookup } from './project/tables/feature-view.ts';
export { file, type FileRef } from './project/file.ts';
export { fold, type Fold } from './project/tables/fold.ts';
export {
  forecast,
  type Forecast,
  type ForecastPoint,
  type ForecastRequest,
} from './project/models/forecast.ts';
export {
  arima,
  blend,
  ets,
  type Forecaster,
  mstl,
  naive,
  rollingOrigin,
  seasonalNaive,
  theta,
  treesOnLags,
} from './project/models/forecaster.ts';
export { http, type Http, type HttpOptions, type Page } from './project/tables/http.ts';
export type { Kind, KindOf, Target } from './project/models/kind.ts';
export type { Servable } from './project/models/live.ts';
export type { Measure, ScoreOf, Tested } from './project/models/measure.ts';
export type {
  BinaryMetric,
  ClassMetric,
  ForecastMetric,
  MetricFor,
  RegressionMetric,
} from './project/models/metric.ts';
export {
  type Features,
  model,
  type Model,
  type ModelOptions,
  type PredictionOf,
} from './project/models/model.ts';
export { above, below, type Alert } from './project/models/monitoring.ts';
export { type Origin, posts, simulation, type Simulation } from './project/tables/origin.ts';
export type { PageProps } from './project/page-props.ts';
export type { Project } from './project/project.ts';
export { params } from './project/params.ts';
export { higher, lower, type PromotionRule } from './project/models/promotion.ts';
export { type Receiver, webhook } from './project/receiver.ts';
export type { Schedule } from './project/schedule.ts';
export type { Range, Search } from './project/models/search.ts';
export { secret, type Secret } from './project/secret.ts';
export type { ServeOptions } from './project/models/serving.ts';
export { sink, type Sink } from './project/tables/sink.ts';
export {
  type RawFile,
  type ReadContext,
  type Reader,
  type RejectedRow,
  source,
  type Source,
} from './project/tables/source.ts';
export type { Split, SplitFor } from './project/models/split.ts';
export { sql, type Sql } from './project/tables/sql.ts';
export { step, type Step, type StepContext, type Table, type TableWriter } from './project/tables/step.ts';
export { table, type RowOf, type TableDeclaration, type TableRef } from './project/tables/table.ts';
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
} from './project/models/trainer.ts';
export { booleanPrediction, classPrediction } from './project/models/class-prediction.ts';
export type { Explanation, Predictor } from './project/models/predictor.ts';
export { average } from './training/average/average.ts';
export { external } from './training/external.ts';
export { lightgbm } from './training/library-trainers/lightgbm.ts';
export { sklearn } from './training/library-trainers/sklearn.ts';
export { xgboost } from './training/library-trainers/xgboost.ts';
export { trainer, type TrainerFunctions, type TrainingSet } from './training/project-trainer.ts';
export { constant } from './training/constant.ts';
export { linear, type LinearOptions } from './training/linear/linear.ts';
export { logistic, type LogisticOptions } from './training/linear/logistic.ts';
export { boostedTrees } from './training/boosted-trees/trainer.ts';
export type { BoostedTreesOptions } from './training/boosted-trees/options.ts';
