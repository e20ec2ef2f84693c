import type { BlobStore } from '../data/blob-store.ts';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { newPredictionId, type PredictionId } from '../kernel/ids.ts';
import { canonicalJson, type JsonObject } from '../kernel/json.ts';
import type { Log } from '../kernel/log.ts';
import type { Meter } from '../kernel/meter.ts';
import { parseDuration } from '../kernel/units.ts';
import type { Model } from '../project/model.ts';
import type { RegistryStore } from '../registry/store.ts';
import { openAnswerCache } from './answer-cache.ts';
import { answer, type Answered } from './predict.ts';
import type { PredictionLog } from './prediction-log.ts';
import { openRateLimit } from './rate-limit.ts';
import { type LoadCode, openVersion, type ServedVersion } from './version.ts';

export interface EndpointDeps {
  readonly blobs: BlobStore;
  readonly registry: RegistryStore;
  readonly loadCode: LoadCode;
  readonly log: Log;
  readonly meter: Meter;
  readonly predictions: PredictionLog;
  readonly now: Clock;
}

export interface Caller {
  /** Whose limit counts: a token's name, else an address. */
  readonly key: string;
  /** 'native', 'command line'. */
  readonly protocol: string;
}

export interface Prediction extends Answered {
  readonly id: PredictionId;
  readonly at: number;
  readonly served: ServedVersion;
  readonly cached: boolean;
}

/** A model under a name, following an alias. */
export interface Endpoint {
  readonly name: string;
  readonly alias: string;
  /** Absent until a version is live and loaded. */
  current(): ServedVersion | undefined;
  /**
   * Looks where the alias points. Another version is loaded and asked once beside the old one, which answers until the
   * new one takes over between two requests; one that does not load leaves the old one serving.
   * @throws PlatformError when a version does not load
   */
  refresh(): Promise<void>;
  /** @throws PlatformError NOT_READY, INPUT_INVALID, RATE_LIMITED, USER_CODE_FAILED */
  predict(request: JsonObject, caller: Caller): Prediction;
}

export function openEndpoint(project: string, model: Model, deps: EndpointDeps): Endpoint {
  const { alias } = model.promote;
  const { cache, rateLimit } = model.serve;
  const answers =
    cache && openAnswerCache<Answered>(parseDuration(cache, `${model.name}: serve.cache`), deps.now);
  const limit =
    rateLimit &&
    openRateLimit(
      { burst: rateLimit.perKey, per: parseDuration(rateLimit.per, `${model.name}: serve.rateLimit.per`) },
      deps.now,
    );
  let served: ServedVersion | undefined;
  let refreshing: Promise<void> = Promise.resolve();

  const follow = async (): Promise<void> => {
    const number = (await deps.registry.aliases(model.name))[alias];
    if (number === undefined || number === served?.version.version) return;
    const version = await deps.registry.findVersion(model.name, number);
    if (!version) return;
    const startedAt = deps.now();
    const loaded = await openVersion(version, deps);
    warm(loaded);
    const labels = { model: model.name, version: String(number) };
    deps.meter.observe('modelyard_model_load_duration_seconds', labels, (deps.now() - startedAt) / 1000);
    if (served) deps.meter.set('modelyard_model_info', infoLabels(served, alias), 0);
    deps.meter.set('modelyard_model_info', infoLabels(loaded, alias), 1);
    served = loaded;
    answers?.clear();
    deps.log.info('a version took over', { endpoint: model.name, ...labels });
  };

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
    if (!served) throw notReady(model, alias);
    const { answered, cached } = answerOnce(request, served);
    const at = deps.now();
    return { ...answered, id: newPredictionId(at), at, served, cached };
  };

  return {
    name: model.name,
    alias,
    current: () => served,
    refresh() {
      refreshing = refreshing.then(follow, follow);
      return refreshing;
    },
    predict(request, caller) {
      const started = performance.now();
      const labels = (): Record<string, string> => ({
        project,
        model: model.name,
        version: String(served?.version.version ?? 'none'),
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

/** Asks a new version once, so that its first caller does not wait for it. */
function warm({ predictor }: ServedVersion): void {
  const nothing = new Float32Array(predictor.features.length).fill(Number.NaN);
  predictor.answer(nothing);
  predictor.explain(nothing);
}

function infoLabels({ version, manifest }: ServedVersion, alias: string): Readonly<Record<string, string>> {
  return {
    model: manifest.model,
    version: String(version.version),
    digest: version.folder.slice(0, 12),
    alias,
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
