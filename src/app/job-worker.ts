import { setTimeout as pause } from 'node:timers/promises';
import type { RunOutcome, ServerEvent } from '../api/views.ts';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Topic } from '../kernel/events.ts';
import { newRunId, type RunId } from '../kernel/ids.ts';
import type { Log } from '../kernel/log.ts';
import { formatTrigger, type Job, restartsByItself, versionIn } from '../pipeline/job.ts';
import type { JobEnd, JobQueue } from '../pipeline/job-queue.ts';
import type { JobRetention } from '../pipeline/prune-jobs.ts';
import { jobView } from './job-operations.ts';
import type { HostedProject } from './hosted-project.ts';

export interface JobWorkerOptions {
  readonly queue: JobQueue;
  /** This process, among all that have the database. */
  readonly owner: string;
  readonly projects: () => readonly HostedProject[];
  readonly events: Topic<ServerEvent>;
  readonly now: Clock;
  readonly log: Log;
  /** Whether other processes queue and cancel jobs in the same database. */
  readonly isShared: boolean;
  /** How many jobs of a project stay after they ended. @default the latest 100, those of 30 days, and 5000 at most */
  readonly retention?: Omit<JobRetention, 'endedSince'> & { readonly ageMs: number };
  /** Milliseconds between two looks at what they did. @default 1000 */
  readonly every?: number;
}

/** Does jobs, one at a time. */
export interface JobWorker extends AsyncDisposable {
  /** Resumes jobs of dead processes, then takes new ones. */
  start(): Promise<void>;
  /** Looks at the queue now. */
  wake(): void;
  /** Does this job alone, without `start`. @returns it as it ended; absent where another process has it */
  perform(id: RunId): Promise<Job | undefined>;
}

/** Attempts at a job whose process died. */
const attempts = 3;

const defaultRetention = { latest: 100, most: 5000, ageMs: 30 * 86_400_000 };

/** Between two tries to store the end of a job, in milliseconds. */
const longestPause = 30_000;

export function openJobWorker(options: JobWorkerOptions): JobWorker {
  const { queue, owner, projects, events, now, log, isShared, every = 1000 } = options;
  const { ageMs, ...retention } = options.retention ?? defaultRetention;
  const closing = new AbortController();
  let active: { readonly id: RunId; readonly abort: AbortController } | undefined;
  let isStarted = false;
  /** Whether the database may list a job under this owner that we do not run. */
  let hasFailed = false;
  let retrying: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();

  const publish = async (id: RunId): Promise<Job | undefined> => {
    const job = await queue.find(id);
    if (job) events.publish({ type: 'job', project: job.project, job: jobView(job) });
    return job;
  };

  /** Stops the active job after a cancellation, or after another process took this one for dead. */
  const stopUnwanted = async (): Promise<void> => {
    const asked = active;
    if (!asked) return;
    const job = await queue.find(asked.id);
    if (job?.status !== 'running' || job.cancelRequested) asked.abort.abort();
  };

  const interrupt = async (isIdle: boolean): Promise<void> => {
    const found = await queue.interruptAbandoned({
      owner,
      now: now(),
      attempts,
      newId: () => newRunId(),
      isIdle,
    });
    for (const { interrupted, resumedBy } of found) {
      const { id: run, project } = interrupted;
      log.warn('a run was interrupted: its process ended', {
        run,
        project,
        resumedBy: resumedBy?.id ?? 'nothing',
      });
      events.publish({ type: 'job', project, job: jobView(interrupted) });
    }
  };

  const work = async (job: Job): Promise<Job | undefined> => {
    const abort = new AbortController();
    active = { id: job.id, abort };
    const stop = (): void => abort.abort();
    closing.signal.addEventListener('abort', stop);
    try {
      await publish(job.id);
      // It may have been cancelled while it was claimed.
      await stopUnwanted();
      const end = await runJob(job, abort.signal);
      // What this process leaves when it stops is interrupted: the next one does the rest.
      if (closing.signal.aborted && !restartsByItself(job.trigger)) return undefined;
      await endJob(job.id, { ...end, endedAt: now() });
      await prune(job.project);
    } finally {
      closing.signal.removeEventListener('abort', stop);
      active = undefined;
    }
    return publish(job.id);
  };

  /** Old jobs that stay longer do no harm: the next end of a job removes them. */
  const prune = async (project: string): Promise<void> => {
    try {
      await queue.prune(project, { ...retention, endedSince: now() - ageMs });
    } catch (error) {
      log.warn('old jobs were not removed', { project, error: String(error) });
    }
  };

  /** A database that is away for a while must not leave a job running for good. */
  const endJob = async (id: RunId, end: JobEnd): Promise<void> => {
    for (let wait = every; ; wait = Math.min(wait * 2, longestPause)) {
      try {
        if (!(await queue.end(id, owner, end)))
          log.warn('the end of a run was not stored: another process has ended the run', { run: id });
        return;
      } catch (error) {
        if (closing.signal.aborted) throw error;
        log.error('the end of a run was not stored; trying again', { run: id, error: stackOf(error) });
        await pause(wait, undefined, { signal: closing.signal }).catch(() => undefined);
      }
    }
  };

  const runJob = async (job: Job, signal: AbortSignal): Promise<Omit<JobEnd, 'endedAt'>> => {
    try {
      const hosted = projects().find(({ plan }) => plan.project.name === job.project);
      if (!hosted) throw notHosted(job.project);
      const { id: runId, target, trigger } = job;
      const reproduces = versionIn(target);
      const outcome = await hosted.run({
        runId,
        ...(reproduces ? { reproduces } : { target }),
        why: formatTrigger(trigger),
        signal,
        isRepeated: restartsByItself(trigger),
      });
      return { status: statusOf(outcome, signal), outcome };
    } catch (error) {
      if (signal.aborted) return { status: 'cancelled' };
      if (!(error instanceof PlatformError))
        log.error('a run failed', { run: job.id, error: stackOf(error) });
      return { status: 'failed', error: bodyOf(error) };
    }
  };

  const workThrough = async (): Promise<void> => {
    if (hasFailed) await interrupt(true);
    hasFailed = false;
    while (isStarted && !closing.signal.aborted) {
      const names = projects().map(({ plan }) => plan.project.name);
      const job = await queue.claim({ projects: names, owner, now: now() });
      if (!job) return;
      await work(job);
    }
  };
  const inTurn = <Result>(task: () => Promise<Result>): Promise<Result> => {
    const done = turn.then(task);
    turn = done.catch(() => undefined);
    return done;
  };
  const failed = (error: unknown): void =>
    log.error('the queue of runs was not read', { error: stackOf(error) });
  const look = (): void => {
    stopUnwanted().catch(failed);
    if (!isStarted || active) return;
    inTurn(workThrough).catch((error: unknown) => {
      hasFailed = true;
      failed(error);
      retrying ??= setTimeout(() => {
        retrying = undefined;
        look();
      }, every * 5).unref();
    });
  };
  const lookForAbandoned = (): void => {
    if (isStarted) interrupt(false).catch(failed);
  };
  const looking = isShared ? setInterval(look, every).unref() : undefined;
  const interrupting = isShared ? setInterval(lookForAbandoned, every * 10).unref() : undefined;

  return {
    async start() {
      await inTurn(() => interrupt(true));
      isStarted = true;
      look();
    },
    wake: look,
    perform: (id) =>
      inTurn(async () => {
        await interrupt(true);
        const names = projects().map(({ plan }) => plan.project.name);
        const job = await queue.claim({ projects: names, owner, now: now(), id });
        return job && work(job);
      }),
    async [Symbol.asyncDispose]() {
      clearInterval(looking);
      clearInterval(interrupting);
      clearTimeout(retrying);
      closing.abort();
      await turn;
    },
  };
}

function statusOf({ run, tasks }: RunOutcome, signal: AbortSignal): JobEnd['status'] {
  if (signal.aborted || run?.status === 'KILLED') return 'cancelled';
  if (run?.status === 'FAILED' || tasks.some(({ status }) => status === 'failed')) return 'failed';
  return tasks.some(({ status }) => status === 'skipped') ? 'cancelled' : 'finished';
}

function notHosted(project: string): PlatformError {
  return new PlatformError('PROJECT_NOT_FOUND', {
    field: 'project',
    value: project,
    remedy: 'It is not hosted here any more.',
  });
}

function bodyOf(error: unknown): JobEnd['error'] {
  if (error instanceof PlatformError) return error.toJSON();
  const remedy = 'This is a bug of Modelyard; the log of the server has its trace.';
  return new PlatformError('INTERNAL', { field: 'run', value: String(error), remedy }).toJSON();
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
