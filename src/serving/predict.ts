import { type FoundRow, type LookupResults, resultsOf, type TimeBefore } from '../features/lookup.ts';
import { type ErrorDetail, PlatformError } from '../kernel/errors.ts';
import type { RowExplanation } from '../lifecycle/version/row-explanation.ts';
import { lookUpRequest } from './request-lookups.ts';
import { isOwnTrainer } from '../lifecycle/version/version-code.ts';
import type { PredictedRow, PredictorRow, VersionPredictor } from '../lifecycle/version/version-predictor.ts';
import { isSound, type Prediction } from '../project/models/prediction.ts';
import { ownCode, within } from './row-errors.ts';
import { withShortestDigits } from './shortest-digits.ts';
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
  /** What was looked up for it. */
  readonly found: readonly FoundRow[];
  /** The same by name, as the version's code got it. */
  readonly lookups: LookupResults;
}

/**
 * Predicts rows with one version, independent of HTTP, aliases and logs.
 * @throws PlatformError INPUT_INVALID naming every wrong field of every row; USER_CODE_FAILED if the version's code throws
 */
export async function predictRows(
  rows: readonly Row[],
  served: ServedVersion,
  now: number,
): Promise<readonly ServedRow[]> {
  return predictPrepared(
    prepareRows(rows, served, () => now),
    served,
  );
}

/** Predicts rows that `prepareRows` has checked. @throws PlatformError USER_CODE_FAILED if the version's code throws */
export async function predictPrepared(
  inputs: readonly PreparedRow[],
  { manifest, predictor }: Pick<ServedVersion, 'manifest' | 'predictor'>,
): Promise<readonly ServedRow[]> {
  const predicted = await predictor.predict(inputs);
  return predicted.map((row, index) => {
    const { request, found, lookups } = inputs[index] as PreparedRow;
    if (isSound(row.prediction))
      return { ...row, prediction: withShortestDigits(row.prediction), request, found, lookups };
    throw notANumber(row.prediction, manifest);
  });
}

/** A valid request, and what was looked up for it. */
export type PreparedRow = PredictorRow & Pick<ServedRow, 'request' | 'found' | 'lookups'>;

/**
 * Checks requests and looks up what they need.
 * @param now the time that lookups look before if a request does not have it
 */
export function prepareRows(
  rows: readonly Row[],
  { manifest, predictor, online }: ServedVersion,
  now: TimeBefore,
): readonly PreparedRow[] {
  const valid = validateRows(rows, (request) =>
    ownCode(`request of ${manifest.model}`, () =>
      validate(request, predictor.requestSchema, manifest.request),
    ),
  );
  return valid.map((request, index) => {
    const found = within(rows[index], () => lookUpRequest(online.lookups, request, now));
    return { request, found, lookups: resultsOf(found), ...nameOf(rows[index]) };
  });
}

function nameOf(row: Row | undefined): Pick<Row, 'name'> {
  return row?.name === undefined ? {} : { name: row.name };
}

function notANumber(value: Prediction | undefined, manifest: ServedVersion['manifest']): PlatformError {
  if (manifest.code && isOwnTrainer(manifest.code))
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
    readonly predictor: Pick<VersionPredictor, 'explain' | 'whyNoExplanation'>;
    readonly manifest: { readonly trainer: string };
  },
): Promise<readonly RowExplanation[]> {
  if (predictor.explain) return predictor.explain(rows);
  throw new PlatformError('MODEL_UNSUPPORTED', {
    field: 'explain',
    value: manifest.trainer,
    remedy:
      predictor.whyNoExplanation ?? 'This trainer cannot explain its predictions: request no explanation.',
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
