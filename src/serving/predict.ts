import { type ErrorDetail, PlatformError } from '../kernel/errors.ts';
import type { RowExplanation } from '../lifecycle/row-explanation.ts';
import { isOwnTrainer } from '../lifecycle/version-code.ts';
import type { PredictedRow, PredictorRow, VersionPredictor } from '../lifecycle/version-predictor.ts';
import { isSound, type Prediction } from '../project/prediction.ts';
import { ownCode, within } from './row-errors.ts';
import { validate } from './validate.ts';
import type { ServedVersion } from './version.ts';

/** A row of a request. */
export interface Row {
  readonly request: unknown;
  /** The row's name in errors: 'rows[3]' in a batch; absent for a request of one row. */
  readonly name?: string;
}

/** A predicted row, and what it was predicted from. */
export interface ServedRow extends PredictedRow {
  /** Parsed by the version's request schema. */
  readonly request: unknown;
}

/**
 * Predicts rows with one version, independent of HTTP, aliases and logs.
 * @throws PlatformError INPUT_INVALID naming every wrong field of every row; USER_CODE_FAILED if the version's code throws
 */
export async function predictRows(
  rows: readonly Row[],
  { manifest, predictor }: ServedVersion,
): Promise<readonly ServedRow[]> {
  const valid = validateRows(rows, (request) =>
    ownCode(`request of ${manifest.model}`, () =>
      validate(request, predictor.requestSchema, manifest.request),
    ),
  );
  const predicted = await predictor.predict(
    valid.map((request, index) => ({ request, ...nameOf(rows[index]) })),
  );
  return predicted.map((row, index) => {
    if (isSound(row.prediction)) return { ...row, request: valid[index] };
    throw notANumber(row.prediction, manifest);
  });
}

function nameOf(row: Row | undefined): Pick<Row, 'name'> {
  return row?.name === undefined ? {} : { name: row.name };
}

function notANumber(value: Prediction | undefined, manifest: ServedVersion['manifest']): PlatformError {
  if (isOwnTrainer(manifest.code))
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
  rows: readonly PredictorRow[],
  {
    predictor,
    manifest,
  }: {
    readonly predictor: Pick<VersionPredictor, 'explain'>;
    readonly manifest: { readonly trainer: string };
  },
): Promise<readonly RowExplanation[]> {
  if (predictor.explain) return predictor.explain(rows);
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: 'explain',
    value: manifest.trainer,
    remedy: 'This trainer cannot explain its predictions: request no explanation.',
  });
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
