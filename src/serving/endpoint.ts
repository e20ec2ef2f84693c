import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { newPredictionId, type PredictionId } from '../kernel/ids.ts';
import type { JsonObject } from '../kernel/json.ts';
import { parseDuration } from '../kernel/units.ts';
import type { ServedModel } from '../project/project.ts';
import { followAlias, type FollowDeps, type Following } from './follow-alias.ts';
import { meterRequests } from './measure.ts';
import type { RowExplanation } from '../lifecycle/version/row-explanation.ts';
import { explainRows, predictRows, type ServedRow } from './predict.ts';
import { cacheKey, openPredictionCache } from './prediction-cache.ts';
import { predictionFields } from './prediction-fields.ts';
import type { PredictionLog } from './prediction-log.ts';
import { openRateLimit } from './rate-limit.ts';
import { isSameFound, lookUpRequest } from './request-lookups.ts';
import type { ServedVersion } from './version.ts';

export interface EndpointDeps extends FollowDeps {
  readonly predictions: PredictionLog;
  /** Milliseconds that never step back. @default performance.now */
  readonly elapsed?: Clock;
}

export interface Caller {
  /** The key of the rate limit: a token, or else an address. */
  readonly key: string;
  /** 'native', 'command line'. */
  readonly protocol: string;
  /** The caller's name; absent if nobody has to sign in. */
  readonly name?: string | undefined;
  /** Whether the caller may see only what it sent itself: it may predict, and not read. @default false */
  readonly sentOnly?: boolean;
}

export interface PredictOptions {
  /** Also explains, which costs far more than the prediction. @default false */
  readonly explain?: boolean;
  /** Whether errors name the row: 'rows[3].size'. @default true */
  readonly nameRows?: boolean;
}

export interface ServedPrediction extends ServedRow {
  readonly predictionId: PredictionId;
  readonly at: number;
  readonly served: ServedVersion;
  readonly cached: boolean;
  /** Only if requested. */
  readonly explanation?: RowExplanation;
}

/** A model under a name, following an alias. */
export interface Endpoint extends Following {
  readonly name: string;
  readonly alias: string;
  /**
   * Predicts a batch: all rows or none. Each row takes one token of the caller's rate limit and one cache look-up; the batch
   * is recorded by one append to the log.
   * @throws PlatformError NOT_READY, INPUT_INVALID, RATE_LIMITED, USER_CODE_FAILED; LOG_UNWRITABLE under 'sync'
   */
  predict(
    rows: readonly JsonObject[],
    caller: Caller,
    options?: PredictOptions,
  ): Promise<readonly ServedPrediction[]>;
}

/** Rows of one request. */
const mostRows = 1000;
/** An explanation takes a hundred times as long as a prediction, and blocks other requests meanwhile. */
const mostExplainedRows = 20;

type CachedRow = ServedRow & { readonly cached: boolean };

export function openEndpoint(project: string, model: ServedModel, deps: EndpointDeps): Endpoint {
  const { alias } = model.promote;
  const { cache, rateLimit, log: { durability = 'async' } = {} } = model.serve;
  const elapsed = deps.elapsed ?? (() => performance.now());
  const cached =
    cache && openPredictionCache<ServedRow>(parseDuration(cache, `${model.name}: serve.cache`), deps.now);
  const limit = rateLimit && {
    burst: rateLimit.perKey,
    ...openRateLimit(
      { burst: rateLimit.perKey, per: parseDuration(rateLimit.per, `${model.name}: serve.rateLimit.per`) },
      deps.now,
    ),
  };
  const following = followAlias(
    { project, model: model.name, alias, changed: () => cached && cached.clear() },
    deps,
  );
  const meter = meterRequests({ project, model: model.name }, deps.meter);

  const admit = (rows: number, { key }: Caller): void => {
    if (!limit) return;
    if (rows > limit.burst) throw tooManyRows(rows, limit.burst, 'as serve.rateLimit allows');
    const admission = limit.admit(key, rows);
    if (!admission.admitted) throw limited(admission.retryAfter);
  };

  const predictAll = async (
    rows: readonly JsonObject[],
    served: ServedVersion,
    nameRows: boolean,
  ): Promise<readonly CachedRow[]> => {
    const keys = cached ? rows.map(cacheKey) : [];
    const now = deps.now();
    const found = keys.map((key) => cached && stillTrue(cached.find(key), served, now));
    const missing = rows.flatMap((request, index) => (found[index] ? [] : [{ request, index }]));
    meter.cacheHits(rows.length - missing.length);
    const predicted = await predictRows(
      missing.map(({ request, index }) => ({ request, ...(nameRows && { name: `rows[${index}]` }) })),
      served,
      now,
    );
    const fresh = new Map(missing.map(({ index }, at) => [index, predicted[at] as ServedRow]));
    // Another version may have taken over meanwhile and emptied the cache.
    if (cached && following.current() === served)
      for (const [index, row] of fresh) cached.put(keys[index] ?? '', row);
    return rows.map((_row, index) => {
      const hit = found[index];
      return hit ? { ...hit, cached: true } : { ...(fresh.get(index) as ServedRow), cached: false };
    });
  };

  return {
    name: model.name,
    alias,
    ...following,
    async predict(rows, caller, { explain = false, nameRows = true } = {}) {
      const started = elapsed();
      const served = following.current();
      const request = {
        protocol: caller.protocol,
        version: String(served?.version.version ?? 'none'),
      };
      try {
        if (rows.length === 0) throw noRows();
        if (rows.length > mostRows) throw tooManyRows(rows.length, mostRows, 'at once');
        if (explain && rows.length > mostExplainedRows)
          throw tooManyRows(rows.length, mostExplainedRows, 'with explanations');
        admit(rows.length, caller);
        if (!served) throw notReady(model, following);
        const predicted = await predictAll(rows, served, nameRows);
        const explanations = explain ? await explainRows(predicted, served) : [];
        const at = deps.now();
        const latencyMs = elapsed() - started;
        const predictions = predicted.map((row, index): ServedPrediction => {
          const explanation = explanations[index];
          return {
            ...row,
            predictionId: newPredictionId(at),
            at,
            served,
            ...(explanation && { explanation }),
          };
        });
        const recorded = deps.predictions.append(
          predictions.map(({ predictionId, prediction, features, found, cached: isCached }, index) => ({
            predictionId,
            at,
            project,
            endpoint: model.name,
            model: model.name,
            version: served.version.version,
            folder: served.version.folder,
            request: rows[index] ?? {},
            features,
            ...(found.length > 0 && { lookups: found }),
            ...predictionFields(prediction),
            latencyMs,
            cached: isCached,
          })),
          durability,
        );
        if (durability === 'sync' && !(await recorded)) throw notRecorded(model);
        meter.predicted(request, predictions, (elapsed() - started) / 1000);
        return predictions;
      } catch (error) {
        meter.failed(request, error);
        throw error;
      }
    },
  };
}

/** Without a time in the request, lookups are as of now: a row of a view may have come true since the prediction. */
function stillTrue(
  row: ServedRow | undefined,
  { online }: ServedVersion,
  now: number,
): ServedRow | undefined {
  if (!row || row.found.length === 0) return row;
  const found = lookUpRequest(online.lookups, row.request, () => now);
  return isSameFound(row.found, found) ? { ...row, found } : undefined;
}

function noRows(): PlatformError {
  return new PlatformError('INPUT_INVALID', {
    field: 'rows',
    value: 0,
    remedy: 'must have at least one row',
  });
}

function tooManyRows(rows: number, most: number, why: string): PlatformError {
  return new PlatformError('INPUT_INVALID', {
    field: 'rows',
    value: rows,
    remedy: `must be at most ${most} ${why}: send them in smaller batches`,
  });
}

function limited(retryAfter: number): PlatformError {
  const seconds = Math.max(1, Math.ceil(retryAfter / 1000));
  return new PlatformError('RATE_LIMITED', {
    field: 'Retry-After',
    value: seconds,
    remedy: `Rate limit reached; retry in ${seconds} s or raise serve.rateLimit in the project file.`,
  });
}

function notReady({ name, promote }: ServedModel, following: Following): PlatformError {
  const problem = following.problem();
  if (problem) return new PlatformError('NOT_READY', problem.detail);
  return new PlatformError('NOT_READY', {
    field: `${name}@${promote.alias}`,
    value: 'no version',
    remedy:
      'Run the project: the first version that passes the gate is served. `modelyard models` shows held ones.',
  });
}

function notRecorded({ name }: ServedModel): PlatformError {
  return new PlatformError('LOG_UNWRITABLE', {
    field: `${name}: serve.log.durability`,
    value: 'sync',
    remedy:
      'The prediction could not be recorded, so it is not returned. Free space on the disk of the state folder and retry.',
  });
}
