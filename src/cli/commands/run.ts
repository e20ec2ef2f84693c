import type { RunOutcome, ServerEvent } from '../../api/views.ts';
import { formatDuration } from '../../kernel/units.ts';
import { connect } from '../connection.ts';
import { openProgress } from '../progress.ts';
import { paint, type Terminal } from '../terminal.ts';
import type { CommandContext, ExitCode } from './context.ts';

/** `modelyard run [target]`: runs what is out of date, and tells the verdict. */
export async function runCommand(
  target: string | undefined,
  { config, env, terminal, json }: CommandContext,
): Promise<ExitCode> {
  await using connection = await connect(config, env);
  const startedAt = Date.now();
  const outcome = await withProgress(connection, terminal, () =>
    connection.operations.startRun({
      project: connection.project,
      why: 'command line',
      ...(target !== undefined && { target }),
    }),
  );
  if (json) terminal.out(JSON.stringify(outcome, null, 2));
  else terminal.out(outcomeText(outcome, { took: Date.now() - startedAt, terminal }));
  return outcome.run && outcome.run.status !== 'FINISHED' ? 1 : 0;
}

/** Shows what happens while `work` goes on. */
export async function withProgress(
  source: { onEvent(listener: (event: ServerEvent) => void): () => void },
  terminal: Terminal,
  work: () => Promise<RunOutcome>,
): Promise<RunOutcome> {
  using progress = openProgress(terminal);
  const stop = source.onEvent((event) => progress.show(event));
  try {
    return await work();
  } finally {
    stop();
  }
}

/** What a run came to, in two or three lines. */
export function outcomeText(
  outcome: RunOutcome,
  { took, terminal }: { readonly took: number; readonly terminal: Terminal },
): string {
  const failed = outcome.tasks.filter(({ status }) => status === 'failed');
  const verdicts = outcome.verdicts.map(
    ({ model, version, summary }) => `${model} version ${version} ${summary}`,
  );
  const lines =
    failed.length > 0
      ? failed.map(
          ({ task, error }) => `${paint('failed', 'red', terminal)} at ${task}: ${error?.message ?? ''}`,
        )
      : verdicts;
  return [...lines, summaryOf(outcome, formatDuration(took))].join('\n');
}

function summaryOf({ run, tasks }: RunOutcome, took: string): string {
  const hits = tasks.filter(({ status }) => status === 'hit').length;
  if (!run) return `Nothing changed: all ${tasks.length} tasks are up to date (${took}).`;
  const ended = run.status === 'KILLED' ? ' was stopped' : '';
  return `Run ${run.name}${ended}: ${hits} of ${tasks.length} tasks from the cache, ${took}.`;
}
