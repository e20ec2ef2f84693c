import { neededBy, type VersionLocation } from './purge-needs.ts';
import type { KeptItem, PurgeItem, PurgeKind, PurgePlan } from './purge-store.ts';

interface PurgeFact {
  readonly id: string;
  readonly name: string;
  /** Absent for what is not deleted; 0 where it is not known when it was. */
  readonly deletedAt: number | undefined;
}

export interface RunFact extends PurgeFact {
  readonly experimentId: string;
  /** The folder of its artifacts. */
  readonly location: string;
}

export interface LoggedModelFact extends RunFact {
  /** The run that made it; '' for none. */
  readonly runId: string;
}

/** Everything that a purge is decided from. */
export interface PurgeFacts {
  /** With all runs of the experiments that are deleted. */
  readonly runs: readonly RunFact[];
  /** With all that the runs made, and all of the experiments that are deleted. */
  readonly loggedModels: readonly LoggedModelFact[];
  readonly experiments: readonly PurgeFact[];
  /** Every version that is registered. */
  readonly versions: readonly VersionLocation[];
}

/** The experiment that every database has: clients that name none write to it. */
const defaultExperiment = '0';

type Reasons = ReadonlyMap<string, string>;

/**
 * Decides what goes. What is not deleted stays, and so does what a registered version needs: the files it is made of, and
 * for a version that our pipeline made its run. An experiment stays with what stays in it. Pure: the same facts, the
 * same plan.
 */
export function purgeRule(facts: PurgeFacts): PurgePlan {
  const { runs, loggedModels, experiments } = facts;
  const needed = neededBy([...runs, ...loggedModels], facts.versions);
  const runReasons = whyRunsStay(facts, needed);
  const modelReasons = whyModelsStay(facts, { needed, runReasons });
  const experimentReasons = whyExperimentsStay(facts, { runReasons, modelReasons });
  return joinedPlans([
    planOf('run', runs, runReasons),
    planOf('logged model', loggedModels, modelReasons),
    planOf('experiment', experiments, experimentReasons),
  ]);
}

export function joinedPlans(plans: readonly PurgePlan[]): PurgePlan {
  return { go: plans.flatMap(({ go }) => go), kept: plans.flatMap(({ kept }) => kept) };
}

const notDeleted = 'it is not deleted';

function whyRunsStay({ runs, loggedModels }: PurgeFacts, needed: Reasons): Reasons {
  const throughModels = new Map(
    loggedModels.flatMap(({ id, runId }) => {
      const version = needed.get(id);
      return version === undefined ? [] : [[runId, version] as const];
    }),
  );
  return reasons(runs, ({ id, deletedAt }) => {
    const version = needed.get(id) ?? throughModels.get(id);
    if (deletedAt === undefined) return notDeleted;
    return version === undefined ? undefined : neededReason(version);
  });
}

function whyModelsStay(
  { runs, loggedModels, experiments }: PurgeFacts,
  { needed, runReasons }: { readonly needed: Reasons; readonly runReasons: Reasons },
): Reasons {
  const goingRuns = new Set(runs.flatMap(({ id }) => (runReasons.has(id) ? [] : [id])));
  const gone = new Set(experiments.filter(({ deletedAt }) => deletedAt !== undefined).map(({ id }) => id));
  return reasons(loggedModels, ({ id, deletedAt, experimentId, runId }) => {
    const version = needed.get(id);
    if (version !== undefined) return neededReason(version);
    const goesAlong = goingRuns.has(runId) || (gone.has(experimentId) && !runReasons.has(runId));
    return deletedAt !== undefined || goesAlong ? undefined : notDeleted;
  });
}

function whyExperimentsStay(
  { runs, loggedModels, experiments }: PurgeFacts,
  { runReasons, modelReasons }: { readonly runReasons: Reasons; readonly modelReasons: Reasons },
): Reasons {
  const inside = new Map([
    ...staying('logged model', loggedModels, modelReasons),
    ...staying('run', runs, runReasons),
  ]);
  return reasons(experiments, ({ id, deletedAt }) => {
    if (deletedAt === undefined) return notDeleted;
    return id === defaultExperiment ? 'clients write to it that name no experiment' : inside.get(id);
  });
}

function staying(
  kind: PurgeKind,
  facts: readonly RunFact[],
  why: Reasons,
): readonly (readonly [experimentId: string, why: string])[] {
  return facts.flatMap(({ id, experimentId }) => {
    const reason = why.get(id);
    return reason === undefined ? [] : [[experimentId, `its ${kind} ${id} stays: ${reason}`] as const];
  });
}

function reasons<Fact extends PurgeFact>(
  facts: readonly Fact[],
  why: (fact: Fact) => string | undefined,
): Reasons {
  return new Map(
    facts.flatMap((fact) => {
      const reason = why(fact);
      return reason === undefined ? [] : [[fact.id, reason] as const];
    }),
  );
}

function neededReason(version: string): string {
  return `${version} needs it: delete that version first`;
}

function planOf(kind: PurgeKind, facts: readonly PurgeFact[], why: Reasons): PurgePlan {
  const go: PurgeItem[] = [];
  const kept: KeptItem[] = [];
  for (const { id, name, deletedAt } of facts) {
    const reason = why.get(id);
    if (reason === undefined) go.push({ kind, id, name, deletedAt });
    else kept.push({ kind, id, why: reason });
  }
  return { go, kept };
}
