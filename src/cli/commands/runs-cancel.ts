import { defineCommand } from '../command.ts';
import { resolveId } from '../resolve-id.ts';

export const runsCancel = defineCommand({
  name: 'runs cancel',
  summary: 'stop a run of the pipeline, or take it out of the queue',
  needs: 'server',
  arguments: { run: { kind: 'required', help: 'the id of the run, or its first characters' } },
  examples: ['modelyard runs cancel 3f2a…'],
  async run({ run }, context) {
    await using connection = await context.connect();
    const { operations } = connection;
    const job = await operations.cancelRun({ run: await resolveId(operations, 'job', run) });
    context.result(job, () => cancelText(job));
    return 0;
  },
});

function cancelText({ id, status }: { readonly id: string; readonly status: string }): string {
  if (status === 'running') return `Run ${id} is being stopped; its running tasks are killed.`;
  return status === 'cancelled' ? `Run ${id} is cancelled.` : `Run ${id} has ended already: ${status}.`;
}
