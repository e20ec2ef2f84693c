import { PlatformError } from '../kernel/errors.ts';
import { newPredictionId, type PredictionId } from '../kernel/ids.ts';
import { canonicalJson, type JsonObject } from '../kernel/json.ts';
import { parseDuration } from '../kernel/units.ts';
import type { Model } from '../project/model.ts';
import { openPredictionCache } from './prediction-cache.ts';
import { followAlias, type FollowDeps, type Following } from './follow-alias.ts';
import { answer, type Answered } from './predict.ts';
import type { PredictionLog } from './prediction-log.ts';
import { openRateLimit } from './rate-limit.ts';
import type { ServedVersion } from './version.ts';

export interface EndpointDeps extends FollowDeps {
  readonly predictions: PredictionLog;
}

export interface Caller {
  /** Whose limit counts: a token's name, else an address. */
  readonly key: string;
  /** 'native', 'command line'. */
  readonly protocol: string;
  /** Who it is; absent where nobody signs in. */
  readonly name?: string | undefined;
}

export interface Prediction extends Answered {
  readonly id: PredictionId;
  readonly at: number;
  readonly served: ServedVersion;
  readonly cached: boolean;
}

/** A model under a name, following an alias. */
export interface Endpoint extends Following {
  readonly name: string;
  readonly alias: string;
  /** @throws PlatformError NOT_READY, INPUT_INVALID, RATE_LIMITED, USER_CODE_FAILED */
  predict(request: JsonObject, caller: Caller): Prediction;
}

export function openEndpoint(project: string, model: Model, deps: EndpointDeps): Endpoint {
  const { alias } = model.promote;
  const { cache, rateLimit } = model.serve;
  const answers =
    cache && openPredictionCache<Answered>(parseDuration(cache, `${model.name}: serve.cache`), deps.now);
  const limit =
    rateLimit &&
    openRateLimit(
      { burst: rateLimit.perKey, per: parseDuration(rateLimit.per, `${model.name}: serve.rateLimit.per`) },
      deps.now,
    );
  const changed = (): void => answers?.clear();
  const following = followAlias({ project, model: model.name, alias, changed }, deps);

  const answerOnce = (
    request: JsonObject,
    by: ServedVersion,
  ): { readonly answered: Answered; readonly cached: boolean } => {
    const key = answers && canonicalJson(request);
    const known = key === undefined ? undefined : answers?.find(key);
    if (known) return { answered: known, cached: true };
    const answered = answer(request, by);
    if (key !== undefined) answers?.keep(key, answered);
    return { answered, cached: false };
  };

  const predict = (request: JsonObject, { key }: Caller): Prediction => {
    const admission = limit?.admit(key);
    if (admission && !admission.admitted) throw limited(admission.retryAfter);
    const served = following.current();
    if (!served) throw notReady(model, alias);
    const { answered, cached } = answerOnce(request, served);
    const at = deps.now();
    return { ...answered, id: newPredictionId(at), at, served, cached };
  };

  return {
    name: model.name,
    alias,
    ...following,
    predict(request, caller) {
      const started = performance.now();
      const labels = (): Record<string, string> => ({
        project,
        model: model.name,
        version: String(following.current()?.version.version ?? 'none'),
        protocol: caller.protocol,
      });
      try {
        const made = predict(request, caller);
        const seconds = (performance.now() - started) / 1000;
        deps.meter.count('modelyard_inference_requests_total', { ...labels(), code: '200' });
        deps.meter.observe(
          'modelyard_inference_request_duration_seconds',
          { project, model: model.name, version: String(made.served.version.version), phase: 'predict' },
          seconds,
        );
        deps.meter.observe(
          'modelyard_prediction_value',
          { model: model.name, version: String(made.served.version.version) },
          made.value,
        );
        void deps.predictions.append({
          id: made.id,
          at: made.at,
          endpoint: model.name,
          model: model.name,
          version: made.served.version.version,
          request,
          features: made.features,
          value: made.value,
          interval: made.interval,
          latencyMs: seconds * 1000,
        });
        return made;
      } catch (error) {
        const code = error instanceof PlatformError ? error.status : 500;
        deps.meter.count('modelyard_inference_requests_total', { ...labels(), code: String(code) });
        throw error;
      }
    },
  };
}

function limited(retryAfter: number): PlatformError {
  const seconds = Math.max(1, Math.ceil(retryAfter / 1000));
  return new PlatformError('RATE_LIMITED', {
    field: 'Retry-After',
    value: seconds,
    remedy: `Ask again in ${seconds} s, or ask for a higher limit in the project file.`,
  });
}

function notReady(model: Model, alias: string): PlatformError {
  return new PlatformError('NOT_READY', {
    field: `${model.name}@${alias}`,
    value: 'no version',
    remedy:
      'It answers as soon as a version has passed the gate: run the project, or see why the last version was held.',
  });
}
