import type { LoggedModelStatus } from '../../tracking/logged-model.ts';
import { isDeletedUnseen } from './batches.ts';
import { sendBy, type SendDeps, type SendLane, type Senders } from './send.ts';

/** Sends what happened to a logged model. */
export const sendLoggedModel: SendLane = async (id, changes, deps) => {
  const { queue, counterparts } = deps;
  if (isDeletedUnseen(changes) && !(await queue.counterpart({ kind: 'model', id })))
    return deps.done(changes);
  const theirs = await counterparts.loggedModel(id);
  if (!theirs) return deps.done(changes);
  const senders = sendersOf(theirs.id, deps);
  for (const change of changes) await deps.attempt([change], () => sendBy(senders, change));
};

function sendersOf(id: string, { target: { loggedModels } }: SendDeps): Senders {
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
