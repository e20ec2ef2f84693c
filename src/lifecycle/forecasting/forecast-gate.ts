import { readDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { RunId } from '../../kernel/ids.ts';
import { asJson } from '../../kernel/json.ts';
import { taskKey } from '../../pipeline/cache-key.ts';
import type { TaskEvent, TaskSpec } from '../../pipeline/task.ts';
import type { Forecast } from '../../project/models/forecast.ts';
import type { GateFacts } from '../../registry/gate.ts';
import { asPipelineVersion, type ModelVersion, type PipelineVersion } from '../../registry/model.ts';
import type { GateDeps } from '../gate/gate.ts';
import {
  decideOn,
  findLive,
  type GateOutcome,
  type LiveVersion,
  movedAwayByHand,
  registerOnce,
} from '../gate/gate-decision.ts';
import { testDataOfForecast } from '../gate/test-data.ts';
import { faultOrValue, inputOf, outputOf, readEvaluated, runSpecOnce } from '../gate/gate-tasks.ts';
import {
  evaluateForecast,
  evaluationParamsOf,
  type ForecastEvaluation,
  forecastEvaluation,
} from './evaluate-operation.ts';
import { type ForecastManifest, readForecastManifest, saveForecastFolder } from './forecast-folder.ts';
import { isForecastFolder, readForecastModel } from './forecast-model.ts';

export interface ForecastGateInput {
  readonly forecast: Forecast;
  /** The gate's inputs: `rows`, `model`, `metrics`, `report`. */
  readonly spec: TaskSpec;
  readonly trainedOn: ForecastManifest['trainedOn'];
  readonly runId: () => Promise<RunId>;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TaskEvent) => void;
  /** The version that is judged, if a client registered it: its metrics are of the last origin. @default one is registered */
  readonly registered?: ModelVersion;
}

/** What a version learned from, by the facts of the task that made it. */
export function trainedOnOf({
  series,
  values,
  from,
  to,
}: {
  readonly series: number;
  readonly values: number;
  readonly from: string | number;
  readonly to: string | number;
}): ForecastManifest['trainedOn'] {
  return { rows: values, groups: series, from: String(from), to: String(to) };
}

/**
 * Registers the version once, and decides whether it takes over the alias. The champion's forecasters forecast again from
 * the same origins, each time from the values before: nothing that they are measured on was seen. A version that was
 * trained elsewhere cannot forecast from earlier origins, so that beside it the last one decides alone.
 */
export async function passForecastGate(input: ForecastGateInput, deps: GateDeps): Promise<GateOutcome> {
  const { forecast, spec, registered } = input;
  const rule = forecast.promote;
  const allOrigins = await readEvaluated(spec.inputs['metrics'], forecastEvaluation, deps.blobs);
  const version = await registerVersion(input, allOrigins, deps);
  const live = await findLive(version.model, rule.alias, deps.registry);
  if (live?.version?.folder === version.folder) return { version, verdict: undefined };
  const movedAway = await movedAwayByHand(version, rule.alias, deps.registry);
  const isLiveExternal = await isTrainedElsewhere(live, deps);
  const external = registered ? version.version : isLiveExternal ? live?.number : undefined;
  const folds = external === undefined ? forecast.evaluate.folds : 1;
  const comparing = { input, folds, deps };
  const isMeasured = registered !== undefined || folds === forecast.evaluate.folds;
  const measured = isMeasured
    ? { ...allOrigins, report: inputOf(spec, 'report') }
    : await measureOrigins({ model: inputOf(spec, 'model'), name: 'candidate' }, comparing);
  const measuredChampion = live && (await measureChampion(live, comparing));
  const facts: GateFacts & { readonly baselines: ForecastEvaluation['baselines'] } = {
    rule,
    candidate: { version: version.version, metrics: measured.metrics },
    champion: measuredChampion?.facts ?? null,
    baseline: { predicts: 'seasonal-naive', metrics: measured.seasonalNaive },
    baselines: measured.baselines,
    ...(external !== undefined && {
      lastPeriod: { name: 'the last origin', version: external, before: 'origins' as const },
    }),
    leftOut: 0,
    testRows: measured.rows,
    testData: testDataOfForecast(spec.inputs, { horizon: forecast.horizon, folds }),
    ...newerUntil(input.trainedOn, measuredChampion),
    ...(movedAway && { movedAway }),
  };
  const reports = measuredChampion?.report && {
    version: measuredChampion.facts.version,
    champion: measuredChampion.report,
    candidate: measured.report,
  };
  return { ...(await decideOn(version, { facts, live }, deps)), reports };
}

/** A version of the same method goes live for the values that it continues. */
function newerUntil(
  { to }: ForecastGateInput['trainedOn'],
  live: MeasuredChampion | undefined,
): Pick<GateFacts, 'newerUntil'> {
  const before = live?.until ?? null;
  return to !== null && before !== null && isEarlier(before, to) ? { newerUntil: to } : {};
}

/** Times are ISO texts or numbers. */
function isEarlier(first: string, second: string): boolean {
  const [a, b] = [Number(first), Number(second)];
  return Number.isNaN(a) || Number.isNaN(b) ? first < second : a < b;
}

async function registerVersion(
  { forecast, spec, trainedOn, runId, registered }: ForecastGateInput,
  { metrics }: ForecastEvaluation,
  deps: GateDeps,
): Promise<PipelineVersion> {
  const adopted = asPipelineVersion(registered);
  if (adopted) return adopted;
  const model = forecast.name;
  const folder = await saveForecastFolder(forecast, { model: inputOf(spec, 'model'), trainedOn }, deps.blobs);
  if (!registered) return registerOnce({ model, folder, metrics, runId }, deps);
  const same = await deps.registry.findByFolder(model, folder);
  if (same) return same;
  const { version } = registered;
  return deps.registry.adopt({ model, version, folder, runId: await runId(), metrics, at: deps.now() });
}

async function isTrainedElsewhere(live: LiveVersion | undefined, { blobs }: GateDeps): Promise<boolean> {
  if (!live?.version) return false;
  const folder = await readDataset(live.version.folder, blobs);
  return isForecastFolder(folder) && (await readForecastModel(folder, blobs)).external !== undefined;
}

interface Comparing {
  readonly input: Pick<ForecastGateInput, 'forecast' | 'spec' | 'signal' | 'onEvent'>;
  /** How many of the last origins. */
  readonly folds: number;
  readonly deps: GateDeps;
}

interface Evaluated {
  /** A model, or the folder of a version. */
  readonly model: Digest;
  /** Of the task, after that of the forecast. */
  readonly name: 'candidate' | 'champion';
}

/** Runs the evaluation of a version from the last origins. */
export async function evaluateOrigins(
  { model, name }: Evaluated,
  { input: { forecast, spec, signal, onEvent }, folds, deps }: Comparing,
): Promise<{ readonly metrics: Digest; readonly report: Digest }> {
  const inputs = { rows: inputOf(spec, 'rows'), model };
  const task = {
    operation: evaluateForecast.name,
    code: {},
    params: asJson({ ...evaluationParamsOf(forecast), folds }),
    outputs: { metrics: { kind: 'value' }, report: { kind: 'value' } },
  } as const;
  const result = await runSpecOnce(
    { ...task, task: `${forecast.name}.${name}`, inputs, key: taskKey(task, inputs) },
    { signal, onEvent },
    deps,
  );
  return { metrics: outputOf(result, 'metrics'), report: outputOf(result, 'report') };
}

async function measureOrigins(
  evaluated: Evaluated,
  comparing: Comparing,
): Promise<ForecastEvaluation & { readonly report: Digest }> {
  const { metrics, report } = await evaluateOrigins(evaluated, comparing);
  return { ...(await readEvaluated(metrics, forecastEvaluation, comparing.deps.blobs)), report };
}

interface MeasuredChampion {
  readonly facts: NonNullable<GateFacts['champion']>;
  /** Absent if it could not be measured. */
  readonly report?: Digest;
  /** The time of the last value that it continues. */
  readonly until?: string | null;
}

async function measureChampion(
  { number: live, version: champion }: LiveVersion,
  comparing: Comparing,
): Promise<MeasuredChampion> {
  const { input, deps } = comparing;
  const { forecast, signal } = input;
  const incomparable = (reason: string): MeasuredChampion => ({ facts: { version: live, reason } });
  if (!champion)
    return incomparable('the pipeline did not train it, so it cannot forecast from earlier origins');
  const measured = await faultOrValue(signal, async () => {
    const folder = await readDataset(champion.folder, deps.blobs);
    if (!isForecastFolder(folder)) return 'it is no forecast';
    const { target, trainedOn } = await readForecastManifest(folder, deps.blobs);
    if (target.name !== forecast.value)
      return `it forecasts "${target.name}", and the new version "${forecast.value}"`;
    const origins = await measureOrigins({ model: champion.folder, name: 'champion' }, comparing);
    return { ...origins, until: trainedOn.to };
  });
  if ('fault' in measured) {
    const { fault: reason, code } = measured;
    return code === 'FORECAST_MISSING'
      ? { facts: { version: live, reason, isOutdated: true } }
      : incomparable(reason);
  }
  const { value } = measured;
  return typeof value === 'string'
    ? incomparable(value)
    : { facts: { version: live, metrics: value.metrics }, report: value.report, until: value.until };
}
