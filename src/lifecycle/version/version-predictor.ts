import type { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import type { Dataset } from '../../data/dataset.ts';
import type { ColumnValues } from '../../data/table-reader.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Target } from '../../project/models/kind.ts';
import type { Features } from '../../project/models/model.ts';
import type { Prediction } from '../../project/models/prediction.ts';
import type { Explanation, Predictor } from '../../project/models/predictor.ts';
import type { OpenContext, TrainerDefinition, TrainerType } from '../../project/models/trainer.ts';
import { checkedPredictor } from './checked-predictor.ts';
import {
  type FeatureCode,
  featuresOf,
  type LookedUp,
  matrixOf,
  matrixOfColumns,
} from '../features/feature-code.ts';
import { finishPrediction, type Inverse } from './finish-prediction.ts';
import { openMembers } from '../../training/average/members.ts';
import { type PredictionRule, readPredictionRule } from './prediction-rule.ts';
import { explainRow, type RowExplanation } from './row-explanation.ts';
import { optionalCode, type VersionCode } from './version-code.ts';
import { readModelFile } from './version-folder.ts';

/** What a version predicts from. */
export interface PredictorRow {
  /** Parsed by the version's request schema. It is not read if `features` are given and `needsRequest` is false. */
  readonly request: unknown;
  /** What was looked up for the request. @default nothing */
  readonly lookups?: LookedUp;
  /** The features, where they were computed before by the same code. */
  readonly features?: Features;
  /** Its name in errors: 'rows[3]' of a request. @default none */
  readonly name?: string;
}

export interface PredictedRow {
  readonly features: Features;
  readonly prediction: Prediction;
}

/** A version in memory: the one way from requests to predictions, in evaluation, comparison and serving alike. */
export interface VersionPredictor {
  /** The names of its features. */
  readonly features: readonly string[];
  readonly target: Target;
  readonly requestSchema: z.ZodObject;
  /** Whether predictions need the request even if the features are there. */
  readonly needsRequest: boolean;
  featuresOf(row: PredictorRow): Features;
  /**
   * The trainer's predictions, calibrated and on the target's own scale; one for each row, in order.
   * @throws PlatformError USER_CODE_FAILED; errors of the project's functions
   */
  predict(rows: readonly PredictorRow[]): Promise<readonly PredictedRow[]>;
  /**
   * The same predictions from columns of features that were computed before by the same code. Absent if predictions need
   * the request.
   * @param rows the rows of the columns that are predicted
   * @throws as `predict`
   */
  readonly predictFeatures?: (
    columns: readonly (readonly [string, ColumnValues])[],
    rows: Int32Array,
  ) => Promise<readonly Prediction[]>;
  /** Makes one prediction, so that the first caller does not wait for what the trainer prepares. */
  warmUp(): Promise<void>;
  /** Ends what the model runs beside this process, after the predictions that it makes. @default it runs nothing */
  readonly close?: () => Promise<void>;
  /** Absent if the trainer cannot explain. It costs far more than a prediction. */
  readonly explain?: (rows: readonly PredictorRow[]) => Promise<readonly RowExplanation[]>;
  /** The error of a request for an explanation, where `explain` is absent. @default that the trainer cannot explain */
  readonly whyNoExplanation?: string;
}

/** Where the parts of a version are found. */
export interface VersionParts {
  /** The names of its code, such as those of a manifest or a task. */
  readonly code: VersionCode;
  /** Imports the code of a name. */
  readonly load: <Value>(name: string) => Promise<Value>;
  /** The files of its model. */
  readonly folder: Dataset;
  readonly blobs: BlobStore;
  /** What its trainer opens it with. @default nothing */
  readonly context?: OpenContext;
}

/** How errors of a version's own code are reported. */
export interface CodeBoundary {
  /** Runs a function of the project for one row. @param what 'features', 'transform' */
  forRow<Value>(what: string, row: PredictorRow, work: () => Value): Value;
  /** Runs the trainer. @param what 'predict', 'explain' */
  trainer<Value>(what: string, work: () => Promise<Value>): Promise<Value>;
}

const asThrown: CodeBoundary = { forRow: (_what, _row, work) => work(), trainer: (_what, work) => work() };

/**
 * Opens a version.
 * @param boundary @default errors are thrown as they are
 * @throws PlatformError MODEL_UNSUPPORTED, BLOB_NOT_FOUND, STATE_DAMAGED
 */
export async function openVersionPredictor(
  { code, load, folder, blobs, context: given = {} }: VersionParts,
  boundary?: CodeBoundary,
): Promise<VersionPredictor> {
  const [request, features, { definition }, parts, inverse, rule] = await Promise.all([
    load<FeatureCode['request']>('request'),
    load<FeatureCode['features']>('features'),
    load<TrainerType>('trainer'),
    loadParts(code, load),
    Object.hasOwn(code, optionalCode.inverse) ? load<InverseFunction>(optionalCode.inverse) : undefined,
    readPredictionRule(folder, blobs),
  ]);
  const read = (name: string): Promise<Uint8Array> => readModelFile(folder, name, blobs);
  const context = { ...given, target: rule.target };
  const predictor = await (rule.ensemble
    ? openMembers(definition, rule.ensemble, { read, parts, context })
    : definition.open(read, parts, context));
  return versionPredictor(
    { request, features, trainer: definition.name, predictor, rule, ...(inverse && { inverse }) },
    boundary,
  );
}

/** The parts of a version in memory. */
export interface OpenedVersion extends FeatureCode {
  /** The trainer's name. */
  readonly trainer: string;
  readonly predictor: Predictor;
  readonly rule: PredictionRule;
  readonly inverse?: InverseFunction;
}

/** A version of opened parts. */
export function versionPredictor(
  { request, features, trainer, predictor: unchecked, rule, inverse }: OpenedVersion,
  boundary: CodeBoundary = asThrown,
): VersionPredictor {
  const predictor = checkedPredictor(unchecked, trainer);
  const { features: names, explain } = predictor;
  const rowFeatures = (row: PredictorRow): Features =>
    row.features ??
    boundary.forRow('features', row, () => featuresOf({ features }, row.request, row.lookups));
  const inverseOf = (row: PredictorRow): Inverse | undefined =>
    inverse && ((learned) => boundary.forRow('transform', row, () => inverted(inverse, learned, row)));
  const predict: VersionPredictor['predict'] = async (rows) => {
    const values = rows.map(rowFeatures);
    const matrix = matrixOf(values, names);
    const predictions = await boundary.trainer('predict', () => predictor.predict(matrix));
    return rows.map((row, index) => ({
      features: values[index] as Features,
      prediction: finishPrediction(predictions[index] as Prediction, {
        rule,
        trainer,
        inverse: inverseOf(row),
      }),
    }));
  };
  return {
    features: names,
    target: rule.target,
    requestSchema: request,
    needsRequest: inverse !== undefined,
    featuresOf: rowFeatures,
    predict,
    async warmUp() {
      const predictOf = (value: number): Promise<unknown> =>
        boundary.trainer('predict', () =>
          predictor.predict({ features: names, rows: 1, columns: names.map(() => Float32Array.of(value)) }),
        );
      // A trainer may refuse missing values.
      await predictOf(Number.NaN).catch(() => predictOf(1));
    },
    ...(!inverse && {
      async predictFeatures(columns, rows) {
        const matrix = matrixOfColumns(columns, { names, rows });
        const predictions = await boundary.trainer('predict', () => predictor.predict(matrix));
        return predictions.map((each) => finishPrediction(each, { rule, trainer, inverse: undefined }));
      },
    }),
    ...(predictor.close && { close: async () => predictor.close?.() }),
    ...(explain && {
      async explain(rows) {
        const predicted = await predict(rows);
        const matrix = matrixOf(
          predicted.map((row) => row.features),
          names,
        );
        const explanations = await boundary.trainer('explain', () => explain(matrix));
        return predicted.map((row, index) =>
          explainRow(
            { ...row, explanation: explanations[index] as Explanation },
            { names, rule, inverse: inverseOf(rows[index] as PredictorRow) },
          ),
        );
      },
    }),
  };
}

type InverseFunction = (learned: number, request: unknown, lookups: LookedUp) => unknown;

function inverted(
  inverse: InverseFunction,
  learned: number,
  { request, lookups = {} }: PredictorRow,
): number {
  const value = inverse(learned, request, lookups);
  if (typeof value === 'number' && (Number.isFinite(value) || !Number.isFinite(learned))) return value;
  throw new PlatformError('USER_CODE_FAILED', {
    field: `transform.inverse of ${learned}`,
    value,
    remedy: 'must return a finite number for every number that the model can predict',
  });
}

/** The definitions of the trainers that a trainer was given, in order. */
async function loadParts(
  code: VersionCode,
  load: VersionParts['load'],
): Promise<readonly TrainerDefinition[]> {
  const parts: TrainerDefinition[] = [];
  for (let index = 0; Object.hasOwn(code, optionalCode.part(index)); index++)
    parts.push((await load<TrainerType>(optionalCode.part(index))).definition);
  return parts;
}
