import { filesDataset, saveDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { asJson } from '../../kernel/json.ts';
import { taskKey } from '../../pipeline/cache-key.ts';
import { asPipelineVersion, type ModelVersion } from '../../registry/model.ts';
import { clientFiles, newestVersion } from '../gate/external-version.ts';
import { judgeRegistered, type NotJudged } from '../gate/external-gate.ts';
import type { GateDeps } from '../gate/gate.ts';
import type { GateOutcome } from '../gate/gate-decision.ts';
import { inputOf, outputOf, runSpecOnce } from '../gate/gate-tasks.ts';
import { externalForecast } from './external-operation.ts';
import { evaluateOrigins, type ForecastGateInput, passForecastGate, trainedOnOf } from './forecast-gate.ts';
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
  return judgeRegistered(registered, signal, {
    async measure() {
      const { model, trainedOn } = adopted
        ? { model: adopted.folder, trainedOn: unknownRows }
        : await forecastElsewhere(registered, input, deps);
      const evaluated = await evaluateOrigins({ model, name: 'candidate' }, { input, folds: 1, deps });
      return { model, trainedOn, ...evaluated };
    },
    pass: ({ trainedOn, ...inputs }) =>
      passForecastGate(
        { ...input, spec: { ...spec, inputs: { ...spec.inputs, ...inputs } }, trainedOn, registered },
        deps,
      ),
  });
}

/** A version that was judged has its own. */
const unknownRows = { rows: 0, groups: null, from: null, to: null };

/** Forecasts by a version that was not judged before. */
async function forecastElsewhere(
  version: ModelVersion,
  { forecast, spec, signal, onEvent }: Input,
  deps: GateDeps,
): Promise<Pick<ForecastGateInput, 'trainedOn'> & { readonly model: Digest }> {
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
  return {
    model: outputOf(result, 'model'),
    trainedOn: trainedOnOf(externalForecast.facts.parse(result.facts)),
  };
}
