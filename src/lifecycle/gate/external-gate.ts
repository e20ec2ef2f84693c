import type { LookupDefinition } from '../../features/lookup.ts';
import type { Digest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { asJson } from '../../kernel/json.ts';
import type { TaskSpec } from '../../pipeline/task.ts';
import { asPipelineVersion, type ModelVersion } from '../../registry/model.ts';
import { divideCode, evaluationParamsOf } from '../measure/evaluation.ts';
import { externalModel, newestVersion } from './external-version.ts';
import type { GateOutcome } from './gate-decision.ts';
import { faultOrValue, faultsOfModel, inputOf, outputOf, pick, runOnce } from './gate-tasks.ts';
import { type GateDeps, type GateInput, passGate } from './gate.ts';
import { lookupDefinitions, viewTables } from '../features/lookups.ts';
import { evaluate } from '../operations/evaluate.ts';
import { readVersionFolder } from '../version/version-folder.ts';

/** A version that a client registered and that could not be measured, and why. */
export interface NotJudged {
  readonly version: number;
  readonly notJudged: string;
}

/**
 * Measures the newest version that a client registered, and passes it through the gate as if the pipeline had trained it;
 * undefined if there is no version yet. A version that cannot be opened is not judged: a client's mistake must not fail the
 * runs of the project.
 * @throws PlatformError of the project's own code and of the stores
 */
export async function passExternalGate(
  input: GateInput,
  deps: GateDeps,
): Promise<GateOutcome | NotJudged | undefined> {
  const registered = await newestVersion(input.model.name, deps.registry);
  if (!registered) return undefined;
  return judgeRegistered(registered, input.signal, {
    measure: async () => {
      const spec = await measured(registered, input, deps);
      return { spec, report: inputOf(spec, 'report') };
    },
    pass: ({ spec }) => passGate({ ...input, spec, registered }, deps),
  });
}

/** The gate's inputs of a trained version: its model, its code, and what an evaluation wrote. */
async function measured(version: ModelVersion, input: GateInput, deps: GateDeps): Promise<TaskSpec> {
  const { spec } = input;
  const { folder, code, lookups, ready } = await candidateOf(version, input, deps);
  const task = {
    operation: evaluate.name,
    code,
    params: asJson(evaluationParamsOf(input.model, lookups)),
    outputs: { metrics: { kind: 'value' }, scored: { kind: 'table' }, report: { kind: 'value' } },
  } as const;
  const inputs = {
    ...pick(spec, ['rows', 'subsets', 'baselines', ...ready]),
    ...viewTables(lookups, spec),
    model: folder,
  };
  const result = await runOnce('evaluate', { ...task, inputs }, { input, deps });
  const outputs = Object.fromEntries(
    ['metrics', 'scored', 'report'].map((name) => [name, outputOf(result, name)]),
  );
  return { ...spec, code, inputs: { ...spec.inputs, model: folder, ...outputs } };
}

interface Candidate extends Pick<TaskSpec, 'code'> {
  readonly folder: Digest;
  readonly lookups: readonly LookupDefinition[];
  /** Inputs that today's code has computed. */
  readonly ready: readonly string[];
}

/** A version that was judged before keeps the code that it was judged with; a new one gets today's. */
async function candidateOf(
  version: ModelVersion,
  { model, spec }: GateInput,
  { artifacts, blobs }: GateDeps,
): Promise<Candidate> {
  const adopted = asPipelineVersion(version);
  if (!adopted)
    return {
      folder: await externalModel(version, model, { artifacts, blobs }),
      code: spec.code,
      lookups: lookupDefinitions(model),
      ready: ['matrix'],
    };
  const { manifest } = await readVersionFolder(adopted.folder, blobs);
  return {
    folder: adopted.folder,
    code: { ...manifest.code, ...divideCode(spec.code).measures },
    lookups: manifest.lookups,
    ready: [],
  };
}

interface Judging<Measured> {
  readonly measure: () => Promise<Measured>;
  readonly pass: (measured: Measured) => Promise<GateOutcome>;
}

/** Measures a client's version and passes it through the gate; a version whose model is at fault is not judged. Errors name it. */
export async function judgeRegistered<Measured extends { readonly report: Digest }>(
  version: ModelVersion,
  signal: AbortSignal,
  { measure, pass }: Judging<Measured>,
): Promise<GateOutcome | NotJudged> {
  try {
    const measured = await faultOrValue(signal, measure, faultsOfModel);
    if ('fault' in measured) return { version: version.version, notJudged: measured.fault };
    const { value } = measured;
    return { ...(await pass(value)), report: value.report };
  } catch (error) {
    throw namedVersion(error, version);
  }
}

/** Says which version of which model an error is about. */
function namedVersion(error: unknown, { model, version }: ModelVersion): unknown {
  if (!(error instanceof PlatformError)) return error;
  const { code, detail, cause } = error;
  return new PlatformError(
    code,
    { ...detail, field: `version ${version} of ${model}: ${detail.field}` },
    { cause },
  );
}
