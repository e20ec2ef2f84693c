import type { Clock } from '../../kernel/clock.ts';
import type { RunId } from '../../kernel/ids.ts';
import type { RegistryStore } from '../../registry/store.ts';
import type { ExperimentStore } from '../../tracking/experiment-store.ts';
import type { LoggedModelStore } from '../../tracking/logged-model-store.ts';
import type { RunStore } from '../../tracking/run-store.ts';
import type { Change } from './change.ts';
import type { EntityKey, MirrorQueue, RemoteId } from './queue.ts';
import { loggedModelIn, remoteSource } from './remote-source.ts';
import type { MirrorTarget } from './target.ts';

/** The stores that the mirror reads from. */
export interface MirroredStores {
  readonly experiments: ExperimentStore;
  readonly runs: RunStore;
  readonly loggedModels: LoggedModelStore;
  readonly registry: Pick<RegistryStore, 'findModel' | 'findVersion'>;
}

export interface RemoteIdDeps extends MirroredStores {
  readonly queue: MirrorQueue;
  readonly target: MirrorTarget;
  readonly now: Clock;
  /** Put before the names of experiments: '/Shared/' for Databricks. @default none */
  readonly prefix?: string;
}

/** These tags identify an entity that was created there just before a crash, so that it is not created twice. */
const originTag = {
  run: 'modelyard.run_id',
  model: 'modelyard.model_id',
  version: 'modelyard.version_id',
} as const;

/**
 * Looks up the ids that our entities have on the other server, and creates those that are not there yet. Absent: the
 * entity was deleted here. Concurrent calls for one entity create it once.
 */
export interface RemoteIds {
  experiment(id: string): Promise<RemoteId | undefined>;
  run(id: string): Promise<RemoteId | undefined>;
  loggedModel(id: string): Promise<RemoteId | undefined>;
  /** The id of a version is its number there. The key of the change is the model's name at the time of the change. */
  version(change: Pick<Change, 'id' | 'key' | 'step'>): Promise<RemoteId | undefined>;
}

export function openRemoteIds(deps: RemoteIdDeps): RemoteIds {
  const { queue } = deps;
  const pending = new Map<string, Promise<RemoteId | undefined>>();
  const refusals = openRefusals(deps);
  const once = (
    entity: EntityKey,
    create: () => Promise<RemoteId | undefined>,
  ): Promise<RemoteId | undefined> => {
    const name = JSON.stringify(entity);
    const request =
      pending.get(name) ??
      refusals.remember(name, () => findOrCreate(queue, entity, create)).finally(() => pending.delete(name));
    pending.set(name, request);
    return request;
  };
  const remoteIds: RemoteIds = {
    experiment: (id) => once({ kind: 'experiment', id }, () => createExperiment(deps, id)),
    run: (id) => once({ kind: 'run', id }, () => createRun(deps, remoteIds, id)),
    loggedModel: (id) => once({ kind: 'model', id }, () => createLoggedModel(deps, remoteIds, id)),
    version: (change) =>
      once({ kind: 'version', id: change.key, version: change.step }, () =>
        createVersion(deps, remoteIds, change),
      ),
  };
  return remoteIds;
}

/** Milliseconds. */
const refusalLasts = 10_000;

/** Remembers for a while which entities the other server refused to create, so that not every change asks again. */
function openRefusals({ target, now }: Pick<RemoteIdDeps, 'target' | 'now'>): {
  remember<Result>(name: string, create: () => Promise<Result>): Promise<Result>;
} {
  const refusals = new Map<string, { readonly error: unknown; readonly until: number }>();
  return {
    async remember(name, create) {
      const last = refusals.get(name);
      if (last && last.until > now()) throw last.error;
      refusals.delete(name);
      try {
        return await create();
      } catch (error) {
        if (target.faultOf(error)?.kind === 'refused')
          refusals.set(name, { error, until: now() + refusalLasts });
        throw error;
      }
    },
  };
}

async function findOrCreate(
  queue: MirrorQueue,
  entity: EntityKey,
  create: () => Promise<RemoteId | undefined>,
): Promise<RemoteId | undefined> {
  const saved = await queue.findRemoteId(entity);
  if (saved) return saved;
  const remote = await create();
  if (remote) await queue.saveRemoteId(entity, remote);
  return remote;
}

async function createExperiment(
  { experiments, target, prefix = '' }: RemoteIdDeps,
  id: string,
): Promise<RemoteId | undefined> {
  const experiment = await experiments.get(id);
  if (!experiment) return undefined;
  const name = prefix + experiment.name;
  const found = await target.experiments.find(name);
  return { id: found ?? (await target.experiments.create(name, experiment.tags)), artifactUri: '' };
}

async function createRun(
  { runs, target }: RemoteIdDeps,
  remoteIds: RemoteIds,
  id: string,
): Promise<RemoteId | undefined> {
  const run = await runs.get(id as RunId);
  const experiment = run && (await remoteIds.experiment(run.info.experimentId));
  if (!run || !experiment) return undefined;
  const tag = { key: originTag.run, value: id };
  const found = await target.runs.find(experiment.id, tag);
  if (found) return found;
  const { name, user, startedAt } = run.info;
  return target.runs.create({ experimentId: experiment.id, name, user, startedAt, tags: [tag] });
}

async function createLoggedModel(
  { loggedModels, target }: RemoteIdDeps,
  remoteIds: RemoteIds,
  id: string,
): Promise<RemoteId | undefined> {
  const model = await loggedModels.get(id, { deleted: true });
  const experiment = model && (await remoteIds.experiment(model.experimentId));
  if (!model || !experiment) return undefined;
  const tag = { key: originTag.model, value: id };
  const found = await target.loggedModels.find(experiment.id, tag);
  if (found) return found;
  const sourceRun = model.sourceRunId === '' ? undefined : await remoteIds.run(model.sourceRunId);
  return target.loggedModels.create({
    ...model,
    experimentId: experiment.id,
    sourceRunId: sourceRun?.id ?? '',
    tags: [...model.tags, tag],
  });
}

async function createVersion(
  { registry, target, queue }: RemoteIdDeps,
  remoteIds: RemoteIds,
  { id: change, key: name, step: number }: Pick<Change, 'id' | 'key' | 'step'>,
): Promise<RemoteId | undefined> {
  const nameNow = await queue.laterName(name, change);
  const version = await registry.findVersion({ model: nameNow, version: number });
  const model = version && (await registry.findModel(nameNow));
  if (!version || !model) return undefined;
  const tag = { key: originTag.version, value: `${await queue.source()}/${number}` };
  await target.registry.createModel(name, model.description, keyValues(model.tags));
  const found = await target.registry.findVersion(name, tag);
  if (found !== undefined) return { id: found, artifactUri: '' };
  const run = version.runId === undefined ? undefined : await remoteIds.run(version.runId);
  const modelId = version.loggedModelId ?? loggedModelIn(version);
  const loggedModel = modelId === undefined ? undefined : await remoteIds.loggedModel(modelId);
  const id = await target.registry.createVersion({
    ...version,
    model: name,
    source: await remoteSource(version, remoteIds),
    runId: run?.id,
    loggedModelId: loggedModel?.id,
    tags: [...keyValues(version.tags), tag],
  });
  return { id, artifactUri: '' };
}

function keyValues(record: Readonly<Record<string, string>>): readonly { key: string; value: string }[] {
  return Object.entries(record).map(([key, value]) => ({ key, value }));
}
