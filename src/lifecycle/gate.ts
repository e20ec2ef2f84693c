import type { Clock } from '../kernel/clock.ts';
import { digestOfJson } from '../kernel/digest.ts';
import type { RunId } from '../kernel/ids.ts';
import { canonicalJson } from '../kernel/json.ts';
import { type GateFacts, judge, type MovedAway } from '../registry/gate.ts';
import { asPipelineVersion, type PipelineVersion, type Verdict } from '../registry/model.ts';
import type { RegistryStore } from '../registry/store.ts';
import type { LearnedFrom } from '../training/learned.ts';
import { type Comparison, compareWithChampion, readEvaluation } from './champion.ts';
import { type ChampionDeps, type ChampionInput, inputOf } from './gate-tasks.ts';
import type { Evaluation } from './evaluation.ts';
import { saveVersionFolder } from './version-folder.ts';
import type { TrainedOn } from './version-manifest.ts';

export interface GateDeps extends ChampionDeps {
  readonly registry: RegistryStore;
  readonly now: Clock;
}

export interface GateInput extends ChampionInput {
  readonly trainedOn: TrainedOn;
  readonly learnedFrom: LearnedFrom;
  /** The run that trained it, created if necessary. */
  readonly runId: () => Promise<RunId>;
}

export interface GateOutcome {
  readonly version: PipelineVersion;
  /** Absent if there was nothing to decide: the version is live already, or the verdict is unchanged. */
  readonly verdict: Verdict | undefined;
}

/**
 * Registers the trained version once, and decides whether it takes over the alias. It runs every time, because the champion
 * may have changed meanwhile; an unchanged verdict on the same facts is not written again.
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
  // If somebody made a copy of this version live, this version is live.
  if (champion?.folder === version.folder) return { version, verdict: undefined };
  const comparison =
    live === undefined ? undefined : await compareWithChampion(live, champion, { input, deps });
  const candidate = comparison?.candidate ?? measured;
  const movedAway = await movedAwayByHand(version, rule.alias, deps.registry);
  const facts: GateFacts = {
    rule,
    candidate: { version: version.version, metrics: candidate.metrics },
    champion: comparison?.champion ?? null,
    ...comparedFacts(candidate, comparison, input),
    leftOut: comparison?.leftOut ?? 0,
    testRows: candidate.rows,
    testData: digestOfJson([spec.inputs['rows'], comparison?.subsets ?? spec.inputs['subsets']]),
    ...(movedAway && { movedAway }),
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
    by: gateName,
    movedAt: decidedAt,
  };
  const verdict = await deps.registry.decide(
    { model: version.model, version: version.version, alias: rule.alias, decision, facts, decidedAt },
    decision.kind === 'promote' ? move : undefined,
  );
  return { version, verdict };
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

/** The author of the gate's moves. */
export const gateName = 'gate';

/** The last move of the alias away from the version or a copy of it, if a person made it. */
export async function movedAwayByHand(
  { model, folder }: PipelineVersion,
  alias: string,
  registry: RegistryStore,
): Promise<MovedAway | undefined> {
  const moves = (await registry.aliasHistory(model, alias)).flatMap(({ by, from, to = null }) =>
    from === undefined ? [] : [{ by, from, to }],
  );
  if (moves.every(({ by }) => by === gateName)) return undefined;
  const left = await registry.findVersions(model, [...new Set(moves.map(({ from }) => from))]);
  const same = new Set(left.filter((each) => each.folder === folder).map(({ version }) => version));
  const last = moves.find(({ from }) => same.has(from));
  return last?.by === gateName ? undefined : last;
}

async function registerVersion(
  { model, spec, trainedOn, learnedFrom, runId }: GateInput,
  { code, metrics }: Evaluation,
  deps: GateDeps,
): Promise<PipelineVersion> {
  const parts = {
    model: inputOf(spec, 'model'),
    learned: inputOf(spec, 'learned'),
    code,
    trainedOn,
    learnedFrom,
  };
  const folder = await saveVersionFolder(model, parts, deps.blobs);
  const registered = await deps.registry.findByFolder(model.name, folder);
  if (registered) return registered;
  return deps.registry.register({
    model: model.name,
    runId: await runId(),
    folder,
    metrics,
    createdAt: deps.now(),
  });
}
