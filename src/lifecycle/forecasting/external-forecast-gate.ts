import { filesDataset, saveDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { asJson } from '../../kernel/json.ts';
import { taskKey } from '../../pipeline/cache-key.ts';
import { asPipelineVersion, type ModelVersion } from '../../registry/model.ts';
import { clientFiles, newestVersion } from '../external-version.ts';
import { namedVersion, namingVersion, type NotJudged } from '../external-gate.ts';
import type { GateDeps } from '../gate.ts';
import type { GateOutcome } from '../gate-decision.ts';
import { inputOf, isFaultOfModel, outputOf, runSpecOnce } from '../gate-tasks.ts';
import { externalForecast } from './external-operation.ts';
import { evaluateOrigins, type ForecastGateInput, passForecastGate } from './forecast-gate.ts';
import { seriesParamsOf } from './series-input.ts';

type Input = Omit<ForecastGateInput, 'trainedOn' | 'registered'>;

/**
 * Measures the newest version that a client registered, from the last origin, and passes it through the gate; undefined if
 * there is no version yet.
 * A version that does not forecast these values is not judged: neither a client's mistake nor a series that grew must fail
 * the runs of the project.
 */
export async function passExternalForecastGate(
  input: Input,
  deps: GateDeps,
): Promise<GateOutcome | NotJudged | undefined> {
  const { forecast, spec, signal } = input;
  const registered = await newestVersion(forecast.name, deps.registry);
  if (!registered) return undefined;
  const adopted = asPipelineVersion(registered);
  let judged: Pick<ForecastGateInput, 'spec' | 'trainedOn'>;
  let report: Digest;
  try {
    const { model, trainedOn } = adopted
      ? { model: adopted.folder, trainedOn: unknownRows }
      : await forecastElsewhere(registered, input, deps);
    const evaluated = await evaluateOrigins({ model, name: 'candidate' }, { input, folds: 1, deps });
    report = evaluated.report;
    judged = { spec: { ...spec, inputs: { ...spec.inputs, model, ...evaluated } }, trainedOn };
  } catch (error) {
    if (signal.aborted || !isFaultOfModel(error)) throw namedVersion(error, registered);
    return { version: registered.version, notJudged: error.message };
  }
  const pass = (): Promise<GateOutcome> => passForecastGate({ ...input, ...judged, registered }, deps);
  return { ...(await namingVersion(registered, pass)), report };
}

/** A version that was judged has its own. */
const unknownRows = { rows: 0, groups: null, from: null, to: null };

/** Forecasts by a version that was not judged before. */
async function forecastElsewhere(
  version: ModelVersion,
  { forecast, spec, signal, onEvent }: Input,
  deps: GateDeps,
): Promise<{
  readonly model: ReturnType<typeof outputOf>;
  readonly trainedOn: ForecastGateInput['trainedOn'];
}> {
  const files = await clientFiles(version, deps);
  const inputs = {
    rows: inputOf(spec, 'rows'),
    files: await saveDataset(filesDataset([...files]), deps.blobs),
  };
  const { horizon, interval } = forecast;
  const task = {
    operation: externalForecast.name,
    code: {},
    params: asJson({ ...seriesParamsOf(forecast), horizon, interval }),
    outputs: { model: { kind: 'files' } },
  } as const;
  const named = { task: `${forecast.name}.external-forecast` as const, inputs, key: taskKey(task, inputs) };
  const result = await runSpecOnce({ ...task, ...named }, { signal, onEvent }, deps);
  const { series, values, from, to } = externalForecast.facts.parse(result.facts);
  return {
    model: outputOf(result, 'model'),
    trainedOn: { rows: values, groups: series, from: String(from), to: String(to) },
  };
}
