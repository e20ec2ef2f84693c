import { type ErrorDetail, PlatformError } from '../kernel/errors.ts';
import { featuresOf, matrixOf } from '../lifecycle/feature-code.ts';
import type { Features } from '../project/model.ts';
import { isSound, type Prediction } from '../project/prediction.ts';
import type { Predictor } from '../project/predictor.ts';
import { validate } from './validate.ts';
import { isOwnTrainer, type ServedVersion } from './version.ts';

/** A row of a request. */
export interface Row {
  readonly request: unknown;
  /** The row's name in errors: 'rows[3]' in a batch; absent for a request of one row. */
  readonly name?: string;
}

export interface PredictedRow {
  readonly features: Features;
  readonly prediction: Prediction;
}

export interface Contribution {
  readonly feature: string;
  /** The features computed from the request; NaN if missing. */
  readonly value: number;
  /** In the target's unit. */
  readonly contribution: number;
}

/** Baseline and contributions sum to the predicted number. */
export interface RowExplanation {
  readonly baseline: number;
  /** The strongest first. */
  readonly contributions: readonly Contribution[];
}

/**
 * Predicts rows with one version, independent of HTTP, aliases and logs.
 * @throws PlatformError INPUT_INVALID naming every wrong field of every row; USER_CODE_FAILED if the version's code throws
 */
export async function predictRows(
  rows: readonly Row[],
  { code, manifest, predictor }: ServedVersion,
): Promise<readonly PredictedRow[]> {
  const valid = validateRows(rows, (request) =>
    ownCode(`request of ${manifest.model}`, () => validate(request, code.request, manifest.request)),
  );
  const features = valid.map((request, index) =>
    within(rows[index], () => ownCode(`features of ${manifest.model}`, () => featuresOf(code, request))),
  );
  const predictions = await predictor.predict(matrixOf(features, predictor.features));
  return features.map((row, index) => {
    const prediction = predictions[index];
    if (prediction && isSound(prediction)) return { features: row, prediction };
    throw notANumber(prediction, manifest);
  });
}

function notANumber(value: Prediction | undefined, manifest: ServedVersion['manifest']): PlatformError {
  if (isOwnTrainer(manifest))
    return new PlatformError('USER_CODE_FAILED', {
      field: `predict of trainer ${manifest.trainer}`,
      value,
      remedy:
        'The trainer of the version must predict finite numbers: fix it in the project and train again.',
    });
  const remedy = 'The model did not predict a number: train the version again.';
  return new PlatformError('INTERNAL', { field: 'prediction', value, remedy });
}

/** @throws PlatformError MODEL_UNSUPPORTED for a trainer that cannot explain; USER_CODE_FAILED for other features */
export async function explainRows(
  rows: readonly Features[],
  { predictor, manifest }: { readonly predictor: Predictor; readonly manifest: { readonly trainer: string } },
): Promise<readonly RowExplanation[]> {
  const explanations = await predictor.explain?.(matrixOf(rows, predictor.features));
  if (!explanations)
    throw new PlatformError('MODEL_UNSUPPORTED', {
      field: 'explain',
      value: manifest.trainer,
      remedy: 'This trainer cannot explain its predictions: request no explanation.',
    });
  return explanations.map(({ baseline, contributions }, row) => ({
    baseline,
    contributions: predictor.features
      .map((feature, index) => ({
        feature,
        value: rows[row]?.[feature] ?? Number.NaN,
        contribution: contributions[index] ?? 0,
      }))
      .toSorted((a, b) => Math.abs(b.contribution) - Math.abs(a.contribution)),
  }));
}

/** The most fields that one error names. */
const mostDetails = 20;

function validateRows(rows: readonly Row[], check: (request: unknown) => unknown): readonly unknown[] {
  const wrong: ErrorDetail[] = [];
  const valid = rows.map((row) => {
    try {
      return within(row, () => check(row.request));
    } catch (error) {
      if (!(error instanceof PlatformError) || error.code !== 'INPUT_INVALID') throw error;
      const { more = [], ...first } = error.detail;
      wrong.push(first, ...more);
      return undefined;
    }
  });
  const [first, ...more] = wrong.slice(0, mostDetails);
  if (!first) return valid;
  throw new PlatformError('INPUT_INVALID', { ...first, ...(more.length > 0 && { more }) });
}

/** Adds the row to the field names of an error. */
function within<Value>(row: Row | undefined, work: () => Value): Value {
  try {
    return work();
  } catch (error) {
    if (row?.name === undefined || !(error instanceof PlatformError)) throw error;
    throw new PlatformError(error.code, inRow(error.detail, row.name), { cause: error.cause });
  }
}

function inRow({ more, ...detail }: ErrorDetail, name: string): ErrorDetail {
  const { field } = detail;
  return {
    ...detail,
    field: field === 'request' ? name : `${name}${/^[A-Za-z_$]\S*$/.test(field) ? '.' : ' '}${field}`,
    ...(more && { more: more.map((one) => inRow(one, name)) }),
  };
}

/** Runs the code of the version; its errors are not the caller's fault. */
function ownCode<Value>(field: string, run: () => Value): Value {
  try {
    return run();
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    throw new PlatformError(
      'USER_CODE_FAILED',
      {
        field,
        value: String(cause),
        remedy: 'The code of the version throws for this request: fix it in the project and train again.',
      },
      { cause },
    );
  }
}
