import type { Clock } from '../../kernel/clock.ts';
import type { RunId } from '../../kernel/ids.ts';
import type { ModelCatalogue } from '../../registry/catalogue.ts';
import type { ExperimentStore } from '../../tracking/experiment-store.ts';
import type { LoggedModelStore } from '../../tracking/logged-model-store.ts';
import type { RunStore } from '../../tracking/run-store.ts';
import type { Change } from './change.ts';
import type { Counterpart, MirrorQueue, Named } from './queue.ts';
import type { MirrorTarget } from './target.ts';
import { loggedModelIn, theirSource } from './their-source.ts';

/** Where the mirror reads what it sends. */
export interface MirroredStores {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly loggedModels: LoggedModelStore;
  readonly catalogue: Pick<ModelCatalogue, 'findModel' | 'findVersion'>;
}

export interface CounterpartDeps extends MirroredStores {
  readonly queue: MirrorQueue;
  readonly target: MirrorTarget;
  readonly now: Clock;
  /** Before the names of experiments: '/Shared/' for Databricks. @default none */
  readonly prefix?: string;
}

/** By these tags a counterpart is found that was made just before a crash. */
const originTag = {
  run: 'modelyard.run_id',
  model: 'modelyard.model_id',
  version: 'modelyard.version_id',
} as const;

/**
 * What things of ours are on the other server, made there where they are not yet. Absent: it is not here any more. What is
 * asked for by several at one time is made once.
 */
export interface Counterparts {
  experiment(id: string): Promise<Counterpart | undefined>;
  run(id: string): Promise<Counterpart | undefined>;
  loggedModel(id: string): Promise<Counterpart | undefined>;
  /** Its id is its number there. The model is called as it was when the change happened. */
  version(change: Pick<Change, 'id' | 'key' | 'step'>): Promise<Counterpart | undefined>;
}

export function openCounterparts(deps: CounterpartDeps): Counterparts {
  const { queue } = deps;
  const making = new Map<string, Promise<Counterpart | undefined>>();
  const refusals = openRefusals(deps);
  const once = (
    ours: Named,
    make: () => Promise<Counterpart | undefined>,
  ): Promise<Counterpart | undefined> => {
    const name = JSON.stringify(ours);
    const made =
      making.get(name) ??
      refusals.keep(name, () => paired(queue, ours, make)).finally(() => making.delete(name));
    making.set(name, made);
    return made;
  };
  const counterparts: Counterparts = {
    experiment: (id) => once({ kind: 'experiment', id }, () => makeExperiment(deps, id)),
    run: (id) => once({ kind: 'run', id }, () => makeRun(deps, counterparts, id)),
    loggedModel: (id) => once({ kind: 'model', id }, () => makeLoggedModel(deps, counterparts, id)),
    version: (change) =>
      once({ kind: 'version', id: change.key, version: change.step }, () =>
        makeVersion(deps, counterparts, change),
      ),
  };
  return counterparts;
}

/** Milliseconds. */
const refusalLasts = 10_000;

/** Remembers for a while what the other server would not make, so that it is not asked for every change. */
function openRefusals({ target, now }: Pick<CounterpartDeps, 'target' | 'now'>): {
  keep<Made>(name: string, make: () => Promise<Made>): Promise<Made>;
} {
  const refusals = new Map<string, { readonly error: unknown; readonly until: number }>();
  return {
    async keep(name, make) {
      const known = refusals.get(name);
      if (known && known.until > now()) throw known.error;
      refusals.delete(name);
      try {
        return await make();
      } catch (error) {
        if (target.faultOf(error)?.kind === 'refused')
          refusals.set(name, { error, until: now() + refusalLasts });
        throw error;
      }
    },
  };
}

async function paired(
  queue: MirrorQueue,
  ours: Named,
  make: () => Promise<Counterpart | undefined>,
): Promise<Counterpart | undefined> {
  const known = await queue.counterpart(ours);
  if (known) return known;
  const made = await make();
  if (made) await queue.pair(ours, made);
  return made;
}

async function makeExperiment(
  { experiments, target, prefix = '' }: CounterpartDeps,
  id: string,
): Promise<Counterpart | undefined> {
  const ours = await experiments.get(id);
  if (!ours) return undefined;
  const name = prefix + ours.name;
  const found = await target.experiments.find(name);
  return { id: found ?? (await target.experiments.create(name, ours.tags)), place: '' };
}

async function makeRun(
  { runs, target }: CounterpartDeps,
  counterparts: Counterparts,
  id: string,
): Promise<Counterpart | undefined> {
  const ours = await runs.get(id as RunId);
  const home = ours && (await counterparts.experiment(ours.info.experimentId));
  if (!ours || !home) return undefined;
  const tag = { key: originTag.run, value: id };
  const found = await target.runs.find(home.id, tag);
  if (found) return found;
  const { name, user, startedAt } = ours.info;
  return target.runs.create({ experimentId: home.id, name, user, startedAt, tags: [tag] });
}

async function makeLoggedModel(
  { loggedModels, target }: CounterpartDeps,
  counterparts: Counterparts,
  id: string,
): Promise<Counterpart | undefined> {
  const ours = await loggedModels.get(id, { deleted: true });
  const home = ours && (await counterparts.experiment(ours.experimentId));
  if (!ours || !home) return undefined;
  const tag = { key: originTag.model, value: id };
  const found = await target.loggedModels.find(home.id, tag);
  if (found) return found;
  const source = ours.sourceRunId === '' ? undefined : await counterparts.run(ours.sourceRunId);
  return target.loggedModels.create({
    ...ours,
    experimentId: home.id,
    sourceRunId: source?.id ?? '',
    tags: [...ours.tags, tag],
  });
}

async function makeVersion(
  { catalogue, target, queue }: CounterpartDeps,
  counterparts: Counterparts,
  { id: change, key: name, step: number }: Pick<Change, 'id' | 'key' | 'step'>,
): Promise<Counterpart | undefined> {
  const nameNow = await queue.laterName(name, change);
  const ours = await catalogue.findVersion({ model: nameNow, version: number });
  const model = ours && (await catalogue.findModel(nameNow));
  if (!ours || !model) return undefined;
  const tag = { key: originTag.version, value: `${await queue.source()}/${number}` };
  await target.registry.createModel(name, model.description, keyValues(model.tags));
  const found = await target.registry.findVersion(name, tag);
  if (found !== undefined) return { id: found, place: '' };
  const run = ours.runId === undefined ? undefined : await counterparts.run(ours.runId);
  const from = ours.loggedModelId ?? loggedModelIn(ours);
  const logged = from === undefined ? undefined : await counterparts.loggedModel(from);
  const id = await target.registry.createVersion({
    ...ours,
    model: name,
    source: await theirSource(ours, counterparts),
    runId: run?.id,
    loggedModelId: logged?.id,
    tags: [...keyValues(ours.tags), tag],
  });
  return { id, place: '' };
}

function keyValues(record: Readonly<Record<string, string>>): readonly { key: string; value: string }[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}
