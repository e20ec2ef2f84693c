import type { ServerEvent } from '../../api/views.ts';
import { defineCommand } from '../command.ts';
import { outcomeText } from '../outcome.ts';
import { withProgress } from '../progress.ts';

export const run = defineCommand({
  name: 'run',
  summary: 'run what is out of date; everything else comes from the cache',
  needs: 'project',
  arguments: { target: { kind: 'optional', help: 'a source, step or model (default: everything)' } },
  examples: ['modelyard run', 'modelyard run innings', 'modelyard run --json | jq .verdicts'],
  async run({ target }, context) {
    const { terminal } = context;
    await using connection = await context.connect();
    const project = await connection.project();
    const startedAt = Date.now();
    const source = {
      onEvent: (listener: (event: ServerEvent) => void) => connection.onEvent(project, listener),
    };
    const outcome = await withProgress(source, terminal, () =>
      connection.operations.startRun({
        project,
        why: 'command line',
        ...(target !== undefined && { target }),
      }),
    );
    context.result(outcome, () => outcomeText(outcome, { took: Date.now() - startedAt, terminal }));
    return outcome.run && outcome.run.status !== 'FINISHED' ? 1 : 0;
  },
});
