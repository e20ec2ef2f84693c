import { readDataset } from '../../data/dataset.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import { digestOfJson, type Digest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { RunId } from '../../kernel/ids.ts';
import { asJson, canonicalJson } from '../../kernel/json.ts';
import { taskKey } from '../../pipeline/cache-key.ts';
import type { TaskSpec } from '../../pipeline/task.ts';
import type { Forecast } from '../../project/forecast.ts';
import { type GateFacts, judge } from '../../registry/gate.ts';
import { asPipelineVersion, type PipelineVersion } from '../../registry/model.ts';
import { faultOrValue, inputOf, runSpecOnce } from '../gate-tasks.ts';
import { type GateDeps, gateName, type GateOutcome, movedAwayByHand } from '../gate.ts';
import {
  evaluateForecast,
  evaluationParamsOf,
  type ForecastEvaluation,
  forecastEvaluation,
} from './evaluate-operation.ts';
import { type ForecastManifest, readForecastManifest, saveForecastFolder } from './forecast-folder.ts';
import { isForecastFolder } from './forecast-model.ts';

export interface ForecastGateInput {
  readonly forecast: Forecast;
  /** The gate's inputs: `rows`, `model`, `metrics`. */
  readonly spec: TaskSpec;
  readonly trainedOn: ForecastManifest['trainedOn'];
  readonly runId: () => Promise<RunId>;
  readonly signal: AbortSignal;
}

/**
 * Registers the version once, and decides whether it takes over the alias. The champion's forecasters forecast again from
 * the same origins, each time from the values before: nothing that they are measured on was seen.
 */
export async function passForecastGate(input: ForecastGateInput, deps: GateDeps): Promise<GateOutcome> {
  const { forecast, spec, trainedOn } = input;
  const rule = forecast.promote;
  const measured = await readForecastEvaluation(spec.inputs['metrics'], deps.blobs);
  const folder = await saveForecastFolder(forecast, { model: inputOf(spec, 'model'), trainedOn }, deps.blobs);
  const version =
    (await deps.registry.findByFolder(forecast.name, folder)) ??
    (await deps.registry.register({
      model: forecast.name,
      runId: await input.runId(),
      folder,
      metrics: measured.metrics,
      createdAt: deps.now(),
    }));
  const live = (await deps.registry.aliases(version.model))[rule.alias];
  const champion =
    live === undefined
      ? undefined
      : asPipelineVersion(await deps.registry.findVersion({ model: version.model, version: live }));
  if (champion?.folder === version.folder) return { version, verdict: undefined };
  const movedAway = await movedAwayByHand(version, rule.alias, deps.registry);
  const facts: GateFacts & { readonly baselines: ForecastEvaluation['baselines'] } = {
    rule,
    candidate: { version: version.version, metrics: measured.metrics },
    champion: live === undefined ? null : await measureChampion(live, champion, { input, deps }),
    baseline: { predicts: 'seasonal-naive', metrics: measured.seasonalNaive },
    baselines: measured.baselines,
    leftOut: 0,
    testRows: measured.rows,
    testData: digestOfJson([spec.inputs['rows'], forecast.horizon, forecast.evaluate.folds]),
    ...(movedAway && { movedAway }),
  };
  return decide(version, { facts, live }, deps);
}

async function decide(
  version: PipelineVersion,
  { facts, live }: { readonly facts: GateFacts; readonly live: number | undefined },
  { registry, now }: GateDeps,
): Promise<GateOutcome> {
  const { alias } = facts.rule;
  const decision = judge(facts);
  const [last] = await registry.listVerdicts(version.model, [version.version]);
  if (decision.kind === 'hold' && last && canonicalJson(last.facts) === canonicalJson(facts))
    return { version, verdict: undefined };
  const decidedAt = now();
  const move = {
    model: version.model,
    alias,
    from: live,
    to: version.version,
    by: gateName,
    movedAt: decidedAt,
  };
  const verdict = await registry.decide(
    { model: version.model, version: version.version, alias, decision, facts, decidedAt },
    decision.kind === 'promote' ? move : undefined,
  );
  return { version, verdict };
}

async function measureChampion(
  live: number,
  champion: PipelineVersion | undefined,
  { input, deps }: { readonly input: ForecastGateInput; readonly deps: GateDeps },
): Promise<NonNullable<GateFacts['champion']>> {
  const { forecast, spec, signal } = input;
  if (!champion)
    return {
      version: live,
      reason: 'the pipeline did not train it, so it cannot forecast from earlier origins',
    };
  const measured = await faultOrValue(signal, async () => {
    const folder = await readDataset(champion.folder, deps.blobs);
    if (!isForecastFolder(folder)) return 'it is no forecast';
    const { target } = await readForecastManifest(folder, deps.blobs);
    if (target.name !== forecast.value)
      return `it forecasts "${target.name}", and the new version "${forecast.value}"`;
    const inputs = { rows: inputOf(spec, 'rows'), model: champion.folder };
    const task = {
      operation: evaluateForecast.name,
      code: {},
      params: asJson(evaluationParamsOf(forecast)),
      outputs: { metrics: { kind: 'value' } },
    } as const;
    const result = await runSpecOnce(
      { ...task, task: `${forecast.name}.champion`, inputs, key: taskKey(task, inputs) },
      signal,
      deps,
    );
    return readForecastEvaluation(result.outputs['metrics'], deps.blobs);
  });
  if ('fault' in measured) return { version: live, reason: measured.fault };
  const { value } = measured;
  return typeof value === 'string'
    ? { version: live, reason: value }
    : { version: live, metrics: value.metrics };
}

/** @throws PlatformError INTERNAL if the evaluation stored something else */
async function readForecastEvaluation(
  digest: Digest | undefined,
  blobs: BlobStore,
): Promise<ForecastEvaluation> {
  const dataset = digest && (await readDataset(digest, blobs));
  const parsed = forecastEvaluation.safeParse(dataset?.kind === 'value' ? dataset.value : undefined);
  if (parsed.success) return parsed.data;
  throw new PlatformError('INTERNAL', {
    field: 'metrics',
    value: digest,
    remedy: 'An evaluation must output a value.',
  });
}
