import type { JobView } from '../../api/job-views.ts';
import type { RunOutcome } from '../../api/views.ts';
import { formatDuration } from '../../kernel/units.ts';
import { paint, type Terminal } from './terminal.ts';

interface OutcomeOptions {
  /** Milliseconds. */
  readonly took: number;
  readonly terminal: Terminal;
}

/** How a job ended, in two or three lines. */
export function jobText(job: JobView, options: OutcomeOptions): string {
  const { outcome, error, status, why, attempt, startedAt } = job;
  if (outcome) return outcomeText(outcome, options);
  if (error) return error.message;
  if (status === 'interrupted')
    return `The run (${why}) was interrupted ${attempt === 1 ? 'once' : `${attempt} times`} and is not tried again.`;
  return `The run (${why}) was ${status}${startedAt === null ? ' before it started' : ''}.`;
}

/** What a run came to, in two or three lines. */
function outcomeText(outcome: RunOutcome, { took, terminal }: OutcomeOptions): string {
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
  const notJudged = notJudgedOf(outcome).map((text) => `${paint('not judged', 'yellow', terminal)}: ${text}`);
  return [...lines, ...notJudged, ...notesOf(outcome), summaryOf(outcome, formatDuration(took))].join('\n');
}

/** 'raw: set aside: x.csv, line 3, column "y" (got "n"): …' */
export function notesOf({ tasks }: RunOutcome): readonly string[] {
  return tasks.flatMap(({ task, notes = [] }) => notes.map((note) => `${task}: ${note}`));
}

/** 'churn version 3: …' */
export function notJudgedOf({ run }: RunOutcome): readonly string[] {
  return (run?.models ?? []).flatMap(({ model, version, notJudged }) =>
    notJudged ? [`${model} version ${version}: ${notJudged}`] : [],
  );
}

function summaryOf({ run, tasks }: RunOutcome, took: string): string {
  const hits = tasks.filter(({ status }) => status === 'hit').length;
  if (!run && tasks.some(({ status }) => status === 'skipped'))
    return `The run was stopped before anything changed (${took}).`;
  if (!run) return `Nothing changed: all ${tasks.length} tasks are up to date (${took}).`;
  const ended = run.status === 'KILLED' ? ' was stopped' : '';
  return `Run ${run.name}${ended}: ${hits} of ${tasks.length} tasks from the cache, ${took}.`;
}
