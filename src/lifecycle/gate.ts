import type { z } from 'zod';
import type { BlobStore } from '../data/blob-store.ts';
import { readDataset } from '../data/dataset.ts';
import type { Clock } from '../kernel/clock.ts';
import { digestOfJson, type Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { RunId } from '../kernel/ids.ts';
import { canonicalJson } from '../kernel/json.ts';
import { taskKey } from '../pipeline/cache-key.ts';
import type { Launcher, ResultStore } from '../pipeline/ports.ts';
import type { TaskResult, TaskSpec } from '../pipeline/task.ts';
import type { Model } from '../project/model.ts';
import { type GateFacts, type Incomparable, judge, type Measured } from '../registry/gate.ts';
import { asPipelineVersion, type PipelineVersion, type Verdict } from '../registry/model.ts';
import type { RegistryStore } from '../registry/store.ts';
import { evaluate, evaluation, type Evaluation } from './operations/evaluate.ts';
import { readVersionFolder, saveVersionFolder, type TrainedOn } from './version-folder.ts';

export interface GateDeps {
  readonly blobs: BlobStore;
  readonly results: ResultStore;
  readonly launcher: Launcher;
  readonly registry: RegistryStore;
  readonly now: Clock;
}

export interface GateInput {
  readonly model: Model;
  readonly spec: TaskSpec;
  readonly trainedOn: TrainedOn;
  /** The run that trained it, made if there is none yet. */
  readonly runId: () => Promise<RunId>;
  readonly signal: AbortSignal;
}

export interface GateOutcome {
  readonly version: PipelineVersion;
  /** Absent when nothing was to be decided: the version is live already, or the same verdict stands. */
  readonly verdict: Verdict | undefined;
}

/**
 * Registers what was trained, once, and decides whether it takes the alias over. It is asked every time, because the
 * champion may have changed meanwhile; a verdict that stands already on the same facts is not written again.
 */
export async function passGate(input: GateInput, deps: GateDeps): Promise<GateOutcome> {
  const { model, spec } = input;
  const rule = model.promote;
  const measured = await readEvaluation(spec.inputs['metrics'], deps.blobs);
  const version = await registerVersion(input, measured, deps);
  const live = (await deps.registry.aliases(version.model))[rule.alias];
  const champion =
    live === undefined
      ? undefined
      : asPipelineVersion(await deps.registry.findVersion({ model: version.model, version: live }));
  // A copy of this version that somebody put live is this version.
  if (champion?.folder === version.folder) return { version, verdict: undefined };
  const facts: GateFacts = {
    rule,
    candidate: { version: version.version, metrics: measured.metrics },
    champion: live === undefined ? null : await measureChampion(live, champion, { input, deps }),
    testRows: measured.rows,
    testData: digestOfJson([spec.inputs['rows'], spec.inputs['subsets']]),
  };
  const decision = judge(facts);
  const [last] = await deps.registry.listVerdicts(version.model, [version.version]);
  if (decision.kind === 'hold' && last && canonicalJson(last.facts) === canonicalJson(facts))
    return { version, verdict: undefined };
  const decidedAt = deps.now();
  const move = {
    model: version.model,
    alias: rule.alias,
    from: live,
    to: version.version,
    by: 'gate',
    movedAt: decidedAt,
  };
  const verdict = await deps.registry.decide(
    { model: version.model, version: version.version, alias: rule.alias, decision, facts, decidedAt },
    decision.kind === 'promote' ? move : undefined,
  );
  return { version, verdict };
}

async function registerVersion(
  { model, spec, trainedOn, runId }: GateInput,
  { code, metrics }: Evaluation,
  deps: GateDeps,
): Promise<PipelineVersion> {
  const parts = { model: inputOf(spec, 'model'), code, trainedOn };
  const folder = await saveVersionFolder(model, parts, deps.blobs);
  const known = await deps.registry.findByFolder(model.name, folder);
  if (known) return known;
  return deps.registry.register({
    model: model.name,
    runId: await runId(),
    folder,
    metrics,
    createdAt: deps.now(),
  });
}

/** Scores the live version again, by its own code, on the candidate's test rows. */
async function measureChampion(
  live: number,
  champion: PipelineVersion | undefined,
  { input: { model, spec, signal }, deps }: { readonly input: GateInput; readonly deps: GateDeps },
): Promise<Measured | Incomparable> {
  if (!champion) return { version: live, reason: 'the pipeline did not make it' };
  try {
    const { manifest } = await readVersionFolder(champion.folder, deps.blobs);
    const params = { target: model.target, trainer: manifest.trainer, metrics: [...model.metrics] };
    const task = {
      operation: evaluate.name,
      code: manifest.code,
      params: params satisfies z.infer<typeof evaluate.params>,
      outputs: { metrics: { kind: 'value' } },
    } as const;
    const inputs = { rows: inputOf(spec, 'rows'), subsets: inputOf(spec, 'subsets'), model: champion.folder };
    const result = await evaluateOnce(
      { ...task, task: `${model.name}.champion`, inputs, key: taskKey(task, inputs) },
      signal,
      deps,
    );
    return { version: live, metrics: (await readEvaluation(result.outputs['metrics'], deps.blobs)).metrics };
  } catch (error) {
    if (signal.aborted || !(error instanceof PlatformError)) throw error;
    return { version: live, reason: error.message };
  }
}

async function evaluateOnce(
  spec: TaskSpec,
  signal: AbortSignal,
  { results, launcher }: GateDeps,
): Promise<TaskResult> {
  const known = await results.find(spec.key);
  if (known) return known;
  const made = await launcher.launch(spec, { signal, onEvent: () => {} });
  await results.save(made);
  return made;
}

async function readEvaluation(digest: Digest | undefined, blobs: BlobStore): Promise<Evaluation> {
  const dataset = digest && (await readDataset(digest, blobs));
  const parsed = evaluation.safeParse(dataset?.kind === 'value' ? dataset.value : undefined);
  if (parsed.success) return parsed.data;
  throw new PlatformError('INTERNAL', {
    field: 'metrics',
    value: digest,
    remedy: 'An evaluation leaves a value.',
  });
}

function inputOf(spec: TaskSpec, name: string): Digest {
  const digest = spec.inputs[name];
  if (digest) return digest;
  throw new PlatformError('INTERNAL', {
    field: `input ${name}`,
    value: undefined,
    remedy: `The task ${spec.task} needs it.`,
  });
}
