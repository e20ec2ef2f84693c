import type { TaskProgress, TaskStatus, TaskView } from '../../../src/client/index.ts';
import { formatDuration } from '../../../src/client/index.ts';

export const statusText: Readonly<Record<TaskStatus, string>> = {
  waiting: 'waiting',
  running: 'running',
  hit: 'unchanged',
  done: 'done',
  failed: 'failed',
  skipped: 'skipped',
};

/** '11 of 30 trials', '4,210 matches'. */
export function formatProgress({ done, total, what }: TaskProgress): string {
  const counted =
    total === undefined
      ? done.toLocaleString('en-US')
      : `${done.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`;
  return what === undefined ? counted : `${counted} ${what}`;
}

/** The one line under a task's name in the graph. */
export function stateLine(task: TaskView, now: number): string {
  const { status, startedAt, endedAt, progress } = task;
  if (status === 'running' && progress) return formatProgress(progress);
  if (status === 'running' && startedAt !== null) return formatDuration(Math.max(0, now - startedAt));
  if (status === 'done' && startedAt !== null && endedAt !== null) return formatDuration(endedAt - startedAt);
  return statusText[status];
}

const reasons: Readonly<Record<string, string>> = {
  you: 'by you',
  start: 'as the server started',
  'command line': 'from the command line',
  'file changed': 'because a file changed',
};

/** The reason of a run, to follow 'started 3 minutes ago': 'by you', '(schedule)'. */
export function formatReason(why: string): string {
  return reasons[why] ?? `(${why})`;
}
