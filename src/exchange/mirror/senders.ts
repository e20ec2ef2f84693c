import type { Stage } from '../../registry/model.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import type { LoggedModelStatus } from '../../tracking/logged-model.ts';
import type { Lifecycle } from '../../tracking/model.ts';
import type { Change, ChangeKind, Stream } from './change.ts';
import type { RemoteIdDeps, RemoteIds } from './remote-ids.ts';
import type { RemoteVersion } from './target.ts';

export interface SendDeps extends RemoteIdDeps {
  readonly remoteIds: RemoteIds;
  readonly artifacts: Pick<ArtifactStore, 'open' | 'list'>;
  /** Takes changes off the queue: they are on the other server, or there is nothing to send. */
  done(changes: readonly Change[]): Promise<void>;
  /**
   * Sends changes and takes them off the queue. If the other server refuses them, they are sent in halves until the refused
   * one is alone; that one is set aside. @throws every other error of `send`
   */
  attempt(changes: readonly Change[], send: (changes: readonly Change[]) => Promise<void>): Promise<void>;
  /** Whether the first request of a stream may have arrived without an acknowledgement. */
  isUncertain(stream: Stream): boolean;
}

/** Sends the first changes of a stream in their order. @param id of the stream's subject */
export type SendStream = (id: string, changes: readonly Change[], deps: SendDeps) => Promise<void>;

/** How each kind of change is sent. A kind that is not listed needs no request. */
export type Senders = Readonly<Partial<Record<ChangeKind, (change: Change) => Promise<void>>>>;

export async function sendBy(senders: Senders, change: Change): Promise<void> {
  await senders[change.kind]?.(change);
}

/** Whether the changes only delete something: that need not be sent if the other server never had it. */
export function isDeletedUnseen(changes: readonly Change[]): boolean {
  return changes.every(({ kind }) => kind === 'lifecycle') && changes.at(-1)?.value === 'deleted';
}

export const sendExperiment: SendStream = async (id, changes, deps) => {
  const { queue, remoteIds } = deps;
  if (isDeletedUnseen(changes) && !(await queue.findRemoteId({ kind: 'experiment', id })))
    return deps.done(changes);
  const remote = await remoteIds.experiment(id);
  if (!remote) return deps.done(changes);
  const senders = experimentSenders(remote.id, deps);
  // A deleted experiment takes no more from its runs, so a deletion waits until what they logged before it is sent.
  const next = changes.findIndex(({ kind }, index) => kind === 'lifecycle' && index > 0);
  for (const change of changes.slice(0, next < 0 ? undefined : next))
    await deps.attempt([change], () => sendBy(senders, change));
};

function experimentSenders(id: string, { target: { experiments }, prefix = '' }: SendDeps): Senders {
  return {
    name: ({ value }) => experiments.rename(id, prefix + value),
    lifecycle: ({ value }) => experiments.move(id, value as Lifecycle),
    tag: ({ key, value }) => experiments.setTag(id, { key, value }),
    'tag-gone': ({ key }) => experiments.deleteTag(id, key),
  };
}

export const sendLoggedModel: SendStream = async (id, changes, deps) => {
  const { queue, remoteIds } = deps;
  if (isDeletedUnseen(changes) && !(await queue.findRemoteId({ kind: 'model', id })))
    return deps.done(changes);
  const remote = await remoteIds.loggedModel(id);
  if (!remote) return deps.done(changes);
  const senders = loggedModelSenders(remote.id, deps);
  for (const change of changes) await deps.attempt([change], () => sendBy(senders, change));
};

function loggedModelSenders(id: string, { target: { loggedModels } }: SendDeps): Senders {
  return {
    param: ({ key, value }) => loggedModels.logParam(id, { key, value }),
    tag: ({ key, value }) => loggedModels.setTag(id, { key, value }),
    'tag-gone': ({ key }) => loggedModels.deleteTag(id, key),
    async status({ value }) {
      if (value !== 'PENDING') await loggedModels.finalize(id, value as LoggedModelStatus);
    },
    async lifecycle({ value }) {
      if (value === 'deleted') await loggedModels.delete(id);
    },
  };
}

/** Sends changes of registered models, their versions and aliases. */
export const sendRegistry: SendStream = async (_id, changes, deps) => {
  const senders = { ...modelSenders(deps), ...versionSenders(deps) };
  for (const change of changes) await deps.attempt([change], () => sendBy(senders, change));
};

function modelSenders({ target: { registry }, queue }: SendDeps): Senders {
  return {
    model: ({ key, value }) => registry.createModel(key, value, []),
    async 'model-renamed'({ key, value }) {
      await registry.renameModel(key, value);
      await queue.renameModel(key, value);
    },
    'model-text': ({ key, value }) => registry.describeModel(key, value),
    'model-gone': ({ key }) => registry.deleteModel(key),
    'model-tag': ({ key, note, value }) => registry.setModelTag(key, { key: note, value }),
    'model-tag-gone': ({ key, note }) => registry.deleteModelTag(key, note),
    'alias-gone': ({ key, note }) => registry.deleteAlias(key, note),
  };
}

/** A version that was deleted here meanwhile is not created there. */
function versionSenders({ target: { registry }, queue, remoteIds }: SendDeps): Senders {
  const toVersion =
    (send: (version: RemoteVersion, change: Change) => Promise<void>) =>
    async (change: Change): Promise<void> => {
      const remote = await remoteIds.version(change);
      if (remote) await send({ model: change.key, version: remote.id }, change);
    };
  return {
    version: toVersion(async () => undefined),
    'version-text': toVersion((version, { value }) => registry.describeVersion(version, value)),
    'version-stage': toVersion((version, { value }) => registry.moveToStage(version, value as Stage)),
    'version-tag': toVersion((version, { note, value }) =>
      registry.setVersionTag(version, { key: note, value }),
    ),
    'version-tag-gone': toVersion((version, { note }) => registry.deleteVersionTag(version, note)),
    alias: toVersion((version, { note }) => registry.setAlias(version, note)),
    async 'version-gone'({ key, step }) {
      const entity = { kind: 'version', id: key, version: step } as const;
      const remote = await queue.findRemoteId(entity);
      if (remote) await registry.deleteVersion({ model: key, version: remote.id });
      await queue.deleteRemoteId(entity);
    },
  };
}
