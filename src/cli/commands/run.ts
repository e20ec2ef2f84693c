import type { ServerEvent } from '../../api/views.ts';
import { platformError } from '../../kernel/errors.ts';
import { defineCommand } from '../command.ts';
import { waitingText } from '../output/job-queue-text.ts';
import { setOption } from '../options.ts';
import { jobText } from '../output/outcome.ts';
import { showNotices } from '../output/notices.ts';
import { withProgress } from '../output/progress.ts';

export const run = defineCommand({
  name: 'run',
  summary: 'run what is out of date; everything else comes from the cache',
  needs: 'project',
  arguments: { target: { kind: 'optional', help: 'a source, step or model (default: everything)' } },
  options: { set: setOption },
  examples: [
    'modelyard run',
    'modelyard run innings',
    'modelyard run --set live=true',
    'modelyard run --json | jq .outcome.verdicts',
  ],
  async run({ target, set }, context) {
    const { terminal } = context;
    await using connection = await context.connect({ set, runs: true });
    const project = await connection.project();
    showNotices((await connection.operations.getProject({ project })).notices, terminal);
    const startedAt = Date.now();
    const source = {
      onEvent: (listener: (event: ServerEvent) => void) => connection.onEvent(project, listener),
    };
    const request = { project, by: 'client', ...(target !== undefined && { target }) } as const;
    const job = await withProgress(source, terminal, async (follow) => {
      const asked = await connection.operations.startRun(request);
      follow(asked.id);
      let isAnnounced = false;
      return connection.finish(asked, async (job) => {
        follow(job.id);
        if (job.status !== 'queued' || isAnnounced || terminal.quiet) return;
        isAnnounced = true;
        terminal.err(`${await waitingText(job, connection.operations)}\n`);
      });
    });
    if (job.error) throw platformError(job.error);
    context.result(job, () => jobText(job, { took: Date.now() - startedAt, terminal }));
    return job.status === 'finished' ? 0 : 1;
  },
});
