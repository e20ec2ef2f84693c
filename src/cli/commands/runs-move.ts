import { defineCommand } from '../command.ts';
import { resolveIds } from '../resolve-id.ts';

export const runsMove = defineCommand({
  name: 'runs move',
  summary: 'move runs to another experiment: all of them or none',
  needs: 'server',
  arguments: {
    experiment: { kind: 'required', help: 'the experiment to move to, by name or id' },
    runs: { kind: 'many', help: 'the ids of the runs, or their first characters' },
  },
  options: { nested: { kind: 'flag', help: 'move the runs nested in them too' } },
  examples: ['modelyard runs move churn 3f2a… 9b1c… --nested'],
  async run({ experiment, runs, nested }, context) {
    await using connection = await context.connect();
    const { operations } = connection;
    const ids = await resolveIds(operations, 'run', runs);
    const moved = await operations.moveRuns({ experiment, runs: ids, nested });
    const count = moved.moved.length;
    context.result(moved, () => `${count === 1 ? '1 run' : `${count} runs`} moved to ${experiment}.`);
    return 0;
  },
});
