import { readDataset } from '../../data/dataset.ts';
import { type Digest, digestOfJson } from '../../kernel/digest.ts';
import type { RunId } from '../../kernel/ids.ts';
import { asJson } from '../../kernel/json.ts';
import { taskKey } from '../../pipeline/cache-key.ts';
import type { TaskEvent, TaskSpec } from '../../pipeline/task.ts';
import type { Forecast } from '../../project/models/forecast.ts';
import type { GateFacts } from '../../registry/gate.ts';
import type { GateDeps } from '../gate.ts';
import {
  decideOn,
  findLive,
  type GateOutcome,
  type LiveVersion,
  movedAwayByHand,
  registerOnce,
} from '../gate-decision.ts';
import { faultOrValue, inputOf, outputOf, readEvaluated, runSpecOnce } from '../gate-tasks.ts';
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
  /** The gate's inputs: `rows`, `model`, `metrics`, `report`. */
  readonly spec: TaskSpec;
  readonly trainedOn: ForecastManifest['trainedOn'];
  readonly runId: () => Promise<RunId>;
  readonly signal: AbortSignal;
  readonly onEvent: (event: TaskEvent) => void;
}

/**
 * Registers the version once, and decides whether it takes over the alias. The champion's forecasters forecast again from
 * the same origins, each time from the values before: nothing that they are measured on was seen.
 */
export async function passForecastGate(input: ForecastGateInput, deps: GateDeps): Promise<GateOutcome> {
  const { forecast, spec, trainedOn } = input;
  const rule = forecast.promote;
  const measured = await readEvaluated(spec.inputs['metrics'], forecastEvaluation, deps.blobs);
  const folder = await saveForecastFolder(forecast, { model: inputOf(spec, 'model'), trainedOn }, deps.blobs);
  const { runId } = input;
  const version = await registerOnce(
    { model: forecast.name, folder, metrics: measured.metrics, runId },
    deps,
  );
  const live = await findLive(version.model, rule.alias, deps.registry);
  if (live?.version?.folder === version.folder) return { version, verdict: undefined };
  const movedAway = await movedAwayByHand(version, rule.alias, deps.registry);
  const measuredChampion = live && (await measureChampion(live, { input, deps }));
  const facts: GateFacts & { readonly baselines: ForecastEvaluation['baselines'] } = {
    rule,
    candidate: { version: version.version, metrics: measured.metrics },
    champion: measuredChampion?.facts ?? null,
    baseline: { predicts: 'seasonal-naive', metrics: measured.seasonalNaive },
    baselines: measured.baselines,
    leftOut: 0,
    testRows: measured.rows,
    testData: digestOfJson([spec.inputs['rows'], forecast.horizon, forecast.evaluate.folds]),
    ...(movedAway && { movedAway }),
  };
  const reports = measuredChampion?.report && {
    version: measuredChampion.facts.version,
    champion: measuredChampion.report,
    candidate: inputOf(spec, 'report'),
  };
  return { ...(await decideOn(version, { facts, live }, deps)), reports };
}

interface MeasuredChampion {
  readonly facts: NonNullable<GateFacts['champion']>;
  /** Absent if it could not be measured. */
  readonly report?: Digest;
}

async function measureChampion(
  { number: live, version: champion }: LiveVersion,
  { input, deps }: { readonly input: ForecastGateInput; readonly deps: GateDeps },
): Promise<MeasuredChampion> {
  const { forecast, spec, signal, onEvent } = input;
  const incomparable = (reason: string): MeasuredChampion => ({ facts: { version: live, reason } });
  if (!champion)
    return incomparable('the pipeline did not train it, so it cannot forecast from earlier origins');
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
      outputs: { metrics: { kind: 'value' }, report: { kind: 'value' } },
    } as const;
    const result = await runSpecOnce(
      { ...task, task: `${forecast.name}.champion`, inputs, key: taskKey(task, inputs) },
      { signal, onEvent },
      deps,
    );
    const { metrics } = await readEvaluated(result.outputs['metrics'], forecastEvaluation, deps.blobs);
    return { metrics, report: outputOf(result, 'report') };
  });
  if ('fault' in measured) return incomparable(measured.fault);
  const { value } = measured;
  return typeof value === 'string'
    ? incomparable(value)
    : { facts: { version: live, metrics: value.metrics }, report: value.report };
}
