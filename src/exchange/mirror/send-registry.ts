import type { Stage } from '../../registry/catalogue-model.ts';
import type { Change } from './change.ts';
import { sendBy, type SendDeps, type SendLane, type Senders } from './send.ts';
import type { TheirVersion } from './target.ts';

/** Sends what happened to registered models, their versions and aliases. */
export const sendRegistry: SendLane = async (_id, changes, deps) => {
  const senders = { ...modelSenders(deps), ...versionSenders(deps) };
  for (const change of changes) await deps.attempt([change], () => sendBy(senders, change));
};

function modelSenders({ target: { registry }, queue }: SendDeps): Senders {
  return {
    model: ({ key, value }) => registry.createModel(key, value, []),
    async 'model-renamed'({ key, value }) {
      await registry.renameModel(key, value);
      await queue.rename(key, value);
    },
    'model-text': ({ key, value }) => registry.describeModel(key, value),
    'model-gone': ({ key }) => registry.deleteModel(key),
    'model-tag': ({ key, note, value }) => registry.setModelTag(key, { key: note, value }),
    'model-tag-gone': ({ key, note }) => registry.deleteModelTag(key, note),
    'alias-gone': ({ key, note }) => registry.deleteAlias(key, note),
  };
}

/** A version that is gone from here by now is not made there. */
function versionSenders({ target: { registry }, queue, counterparts }: SendDeps): Senders {
  const toVersion =
    (send: (version: TheirVersion, change: Change) => Promise<void>) =>
    async (change: Change): Promise<void> => {
      const theirs = await counterparts.version(change);
      if (theirs) await send({ model: change.key, version: theirs.id }, change);
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
      const ours = { kind: 'version', id: key, version: step } as const;
      const theirs = await queue.counterpart(ours);
      if (theirs) await registry.deleteVersion({ model: key, version: theirs.id });
      await queue.forget(ours);
    },
  };
}
