import type { Clock } from '../../kernel/clock.ts';
import type { RunId } from '../../kernel/ids.ts';
import type { GateFacts, TestedRows } from '../../registry/gate.ts';
import { asPipelineVersion, type ModelVersion, type PipelineVersion } from '../../registry/model.ts';
import type { RegistryStore } from '../../registry/store.ts';
import type { LearnedFrom } from '../../training/learned.ts';
import { type Comparison, compareWithChampion } from './champion.ts';
import { decideOn, findLive, type GateOutcome, movedAwayByHand, registerOnce } from './gate-decision.ts';
import { type ChampionDeps, type ChampionInput, inputOf, readEvaluated } from './gate-tasks.ts';
import { type Evaluation, evaluation } from '../measure/evaluation.ts';
import type { ReadArtifacts } from './external-version.ts';
import { testDataOf } from './test-data.ts';
import { saveVersionFolder } from '../version/version-folder.ts';
import type { TrainedOn } from '../version/version-manifest.ts';

export interface GateDeps extends ChampionDeps {
  readonly registry: RegistryStore;
  readonly now: Clock;
  /** The files that clients log. @default versions of clients cannot be judged */
  readonly artifacts?: ReadArtifacts;
}

export interface GateInput extends ChampionInput {
  readonly trainedOn: TrainedOn;
  readonly learnedFrom: LearnedFrom;
  /** How the test rows were chosen. @default not known */
  readonly tested?: TestedRows;
  /** The run that trained it, created if necessary. */
  readonly runId: () => Promise<RunId>;
  /** The version that is judged, if a client registered it. @default one is registered */
  readonly registered?: ModelVersion;
}

/**
 * Registers the trained version once, and decides whether it takes over the alias. It runs every time, because the champion
 * may have changed meanwhile; an unchanged verdict on the same facts is not written again.
 */
export async function passGate(input: GateInput, deps: GateDeps): Promise<GateOutcome> {
  const { model, spec } = input;
  const rule = model.promote;
  const measured = await readEvaluated(spec.inputs['metrics'], evaluation, deps.blobs);
  const version = await registerVersion(input, measured, deps);
  const live = await findLive(version.model, rule.alias, deps.registry);
  // If somebody made a copy of this version live, this version is live.
  if (live?.version?.folder === version.folder) return { version, verdict: undefined };
  const comparison = live && (await compareWithChampion(live.number, live.version, { input, deps }));
  const candidate = comparison?.candidate ?? measured;
  const movedAway = await movedAwayByHand(version, rule.alias, deps.registry);
  const facts: GateFacts = {
    rule,
    candidate: { version: version.version, metrics: candidate.metrics },
    champion: comparison?.champion ?? null,
    ...comparedFacts(candidate, comparison, input),
    leftOut: comparison?.leftOut ?? 0,
    ...(comparison?.refused && { refused: comparison.refused }),
    testRows: candidate.rows,
    testData: testDataOf(spec.inputs, comparison?.subsets),
    ...(input.tested && { tested: input.tested }),
    // A client's version that is judged again is measured without the features of the training rows.
    leaks: (input.registered && (await judgedLeaks(version, deps.registry))) ?? measured.leaks,
    ...(live &&
      championLeaks(await judgedLeaks({ model: version.model, version: live.number }, deps.registry))),
    ...(movedAway && { movedAway }),
  };
  return { ...(await decideOn(version, { facts, live }, deps)), reports: comparison?.reports };
}

/** The leaks of a version, as the gate found them when it judged it. */
async function judgedLeaks(
  { model, version }: Pick<PipelineVersion, 'model' | 'version'>,
  registry: RegistryStore,
): Promise<GateFacts['leaks']> {
  const [verdict] = await registry.listVerdicts(model, [version]);
  return verdict?.facts.leaks;
}

function championLeaks(leaks: GateFacts['leaks']): Pick<GateFacts, 'championLeaks'> {
  return leaks ? { championLeaks: leaks } : {};
}

/** The baselines, and how exactly the differences are known. */
function comparedFacts(
  { baseline, baselines, standardErrors }: Evaluation,
  comparison: Comparison | undefined,
  { model, periods }: GateInput,
): Pick<GateFacts, 'baseline' | 'baselines' | 'standardErrors' | 'lastPeriod'> {
  const last = periods.at(-1);
  return {
    baseline: { predicts: baseline.predicts, metrics: baseline.metrics },
    ...(Object.keys(baselines).length > 0 && {
      baselines: Object.fromEntries(Object.entries(baselines).map(([name, { metrics }]) => [name, metrics])),
    }),
    standardErrors: {
      ...finite('candidate', standardErrors[model.promote.when.metric]),
      ...finite('champion', comparison?.standardError),
      ...finite('baseline', baseline.standardError),
      baselines: Object.fromEntries(
        Object.entries(baselines)
          .map(([name, { standardError }]) => [name, standardError] as const)
          .filter(([, error]) => Number.isFinite(error)),
      ),
    },
    ...(comparison?.isLastPeriod &&
      last !== undefined && { lastPeriod: { name: last, version: comparison.champion.version } }),
  };
}

function finite(name: string, value: number | undefined): Readonly<Record<string, number>> {
  return value !== undefined && Number.isFinite(value) ? { [name]: value } : {};
}

async function registerVersion(
  { model, spec, trainedOn, learnedFrom, runId, registered }: GateInput,
  { code, metrics }: Evaluation,
  deps: GateDeps,
): Promise<PipelineVersion> {
  const adopted = asPipelineVersion(registered);
  if (adopted) return adopted;
  const parts = {
    model: inputOf(spec, 'model'),
    learned: inputOf(spec, 'learned'),
    code,
    trainedOn,
    learnedFrom,
  };
  const folder = await saveVersionFolder(model, parts, deps.blobs);
  if (registered) {
    // The same files were registered before, and judged.
    const same = await deps.registry.findByFolder(model.name, folder);
    if (same) return same;
    const { version } = registered;
    const at = deps.now();
    return deps.registry.adopt({ model: model.name, version, folder, runId: await runId(), metrics, at });
  }
  return registerOnce({ model: model.name, folder, metrics, runId }, deps);
}
