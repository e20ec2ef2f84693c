import type { Clock } from '../../kernel/clock.ts';
import type { Digest } from '../../kernel/digest.ts';
import type { RunId } from '../../kernel/ids.ts';
import { canonicalJson } from '../../kernel/json.ts';
import type { ComparedReports } from './compared-reports.ts';
import { type GateFacts, judge, type MovedAway } from '../../registry/gate.ts';
import { asPipelineVersion, type PipelineVersion, type Verdict } from '../../registry/model.ts';
import type { RegistryStore } from '../../registry/store.ts';

export interface GateOutcome {
  readonly version: PipelineVersion;
  /** Absent if there was nothing to decide: the version is live already, or the verdict is unchanged. */
  readonly verdict: Verdict | undefined;
  /** The reports of the version and of the live one. @default they were not compared */
  readonly reports?: ComparedReports | undefined;
  /** Of a version that was trained elsewhere. @default the pipeline measured it before the gate */
  readonly report?: Digest;
}

interface Deciding {
  readonly registry: RegistryStore;
  readonly now: Clock;
}

interface Trained {
  readonly model: string;
  readonly folder: Digest;
  readonly metrics: Readonly<Record<string, number>>;
  /** The run that trained it, created if necessary. */
  readonly runId: () => Promise<RunId>;
}

/** Registers a folder as a version of a model, once. */
export async function registerOnce(
  { model, folder, metrics, runId }: Trained,
  { registry, now }: Deciding,
): Promise<PipelineVersion> {
  const registered = await registry.findByFolder(model, folder);
  if (registered) return registered;
  return registry.register({ model, runId: await runId(), folder, metrics, createdAt: now() });
}

/** The version that an alias points to. */
export interface LiveVersion {
  readonly number: number;
  /** Absent if the pipeline did not train it. */
  readonly version: PipelineVersion | undefined;
}

/** Undefined if the alias points to no version. */
export async function findLive(
  model: string,
  alias: string,
  registry: RegistryStore,
): Promise<LiveVersion | undefined> {
  const number = (await registry.aliases(model))[alias];
  if (number === undefined) return undefined;
  return { number, version: asPipelineVersion(await registry.findVersion({ model, version: number })) };
}

/** Judges the facts and writes the verdict, with the move of the alias if there is one; an unchanged verdict is not written again. */
export async function decideOn(
  version: PipelineVersion,
  { facts, live }: { readonly facts: GateFacts; readonly live: LiveVersion | undefined },
  { registry, now }: Deciding,
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
    from: live?.number,
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

/** The author of the gate's moves. */
const gateName = 'gate';

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
