import type { JobView } from '../../api/job-views.ts';
import type { ServerEvent } from '../../api/views.ts';
import type { Topic } from '../../kernel/events.ts';
import type { Log } from '../../kernel/log.ts';
import { notesOf, notJudgedOf } from './outcome.ts';

/** Logs who requested a run, and its start and end. @returns a function that stops it */
export function logRuns(events: Topic<ServerEvent>, log: Log): () => void {
  return events.subscribe((event) => {
    if (event.type === 'job') logJob(event.job, log);
  });
}

function logJob(job: JobView, log: Log): void {
  const { id: run, project, target, why, status, cancelRequested, error, outcome, startedAt, endedAt } = job;
  const fields = { run, project, ...(target !== null && { target }), why };
  if (status === 'queued') return log.info('a run was queued', fields);
  if (status === 'running')
    return log.info(cancelRequested ? 'a run is being stopped' : 'a run started', fields);
  const took = startedAt === null || endedAt === null ? {} : { seconds: (endedAt - startedAt) / 1000 };
  const failed = outcome?.tasks.filter((task) => task.status === 'failed').map(({ task }) => task) ?? [];
  const notJudged = outcome ? notJudgedOf(outcome) : [];
  const notes = outcome ? notesOf(outcome) : [];
  const faults = {
    ...(failed.length > 0 && { failed }),
    ...(notJudged.length > 0 && { notJudged }),
    ...(notes.length > 0 && { notes }),
    ...(error && { error: error.message }),
  };
  const ended = { ...fields, status, ...took, ...faults };
  return status === 'failed' ? log.error('a run ended', ended) : log.info('a run ended', ended);
}
