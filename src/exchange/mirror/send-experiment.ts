import type { Lifecycle } from '../../tracking/record.ts';
import { isDeletedUnseen } from './batches.ts';
import { sendBy, type SendDeps, type SendLane, type Senders } from './send.ts';

/** Sends what happened to an experiment. */
export const sendExperiment: SendLane = async (id, changes, deps) => {
  const { queue, counterparts } = deps;
  if (isDeletedUnseen(changes) && !(await queue.counterpart({ kind: 'experiment', id })))
    return deps.done(changes);
  const theirs = await counterparts.experiment(id);
  if (!theirs) return deps.done(changes);
  const senders = sendersOf(theirs.id, deps);
  // What its runs logged before it was deleted goes first: another turn begins with that.
  const next = changes.findIndex(({ kind }, place) => kind === 'lifecycle' && place > 0);
  for (const change of changes.slice(0, next < 0 ? undefined : next))
    await deps.attempt([change], () => sendBy(senders, change));
};

function sendersOf(id: string, { target: { experiments }, prefix = '' }: SendDeps): Senders {
  return {
    name: ({ value }) => experiments.rename(id, prefix + value),
    lifecycle: ({ value }) => experiments.move(id, value as Lifecycle),
    tag: ({ key, value }) => experiments.setTag(id, { key, value }),
    'tag-gone': ({ key }) => experiments.deleteTag(id, key),
  };
}
