import { setTimeout as pause } from 'node:timers/promises';
import type { JobRow, JobView } from '../api/job-views.ts';
import type { Operations } from '../api/routes.ts';
import type { ServerEvent } from '../api/views.ts';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { Topic } from '../kernel/events.ts';
import { newRunId, type RunId } from '../kernel/ids.ts';
import { tasksFor } from '../lifecycle/plan.ts';
import { formatTrigger, hasEnded, type Job, type Trigger } from '../pipeline/job.ts';
import type { JobQueue } from '../pipeline/job-queue.ts';
import type { Caller } from '../serving/endpoint.ts';
import type { HostedProject } from './hosted-project.ts';
import { readOutcome } from './job-outcome.ts';

export interface JobDeps {
  readonly queue: JobQueue;
  readonly now: Clock;
  readonly events: Topic<ServerEvent>;
  /** Called after something was queued or cancelled, so that a worker of this process looks at once. */
  readonly wake: () => void;
}

/** Jobs of a project that may wait at one time. */
const mostWaiting = 1000;

/** Runs that are asked for: queued here, and done by a worker of this process or of another. */
export function jobOperations(
  deps: JobDeps,
  {
    caller,
    projectNamed,
  }: { readonly caller: Caller; readonly projectNamed: (name: string) => HostedProject },
): Pick<Operations, 'startRun' | 'getJob' | 'listJobs' | 'cancelRun'> {
  const { queue, now } = deps;
  return {
    async startRun({ project, target, by = 'api', key }) {
      tasksFor(projectNamed(project).plan, target);
      if (key !== undefined && by !== 'api') throw keyOfOther(by, key);
      return enqueue({ project, target, trigger: triggerOf(by, key, caller) }, deps);
    },
    async getJob({ run }) {
      return jobView(foundJob(await queue.find(run as RunId), run));
    },
    async listJobs({ project, limit, status }) {
      projectNamed(project);
      return (await queue.list({ project, limit, ...(status && { statuses: [status] }) })).map(jobRow);
    },
    async cancelRun({ run }) {
      const job = foundJob(await queue.cancel(run as RunId, now()), run);
      deps.events.publish({ type: 'job', project: job.project, job: jobView(job) });
      deps.wake();
      return jobView(job);
    },
  };
}

export interface Asked {
  readonly project: string;
  readonly target?: string | undefined;
  readonly trigger: Trigger;
}

/** @throws PlatformError RUN_IN_PROGRESS where too many wait already */
export async function enqueue({ project, target, trigger }: Asked, deps: JobDeps): Promise<JobView> {
  const { queue, now, events, wake } = deps;
  const { job, isNew } = await queue.enqueue({
    id: newRunId(),
    project,
    target,
    trigger,
    queuedAt: now(),
    mostQueued: mostWaiting,
  });
  if (isNew) events.publish({ type: 'job', project, job: jobView(job) });
  wake();
  return jobView(job);
}

export interface EndDeps extends Pick<JobDeps, 'queue' | 'events'> {
  /** Milliseconds between two reads of the job, which another process may end without an event here. @default 1000 */
  readonly every?: number;
}

/**
 * The job as it ended, as soon as it has.
 * @throws PlatformError RUN_NOT_FOUND; errors of the first read. Later reads are tried again.
 */
export async function jobEnd(id: string, { queue, events, every = 1000 }: EndDeps): Promise<JobView> {
  const find = async (): Promise<JobView> => jobView(foundJob(await queue.find(id as RunId), id));
  const woken = new AbortController();
  let ended: JobView | undefined;
  const unsubscribe = events.subscribe((event) => {
    if (event.type !== 'job' || event.job.id !== id || !hasEnded(event.job)) return;
    ended = event.job;
    woken.abort();
  });
  try {
    let job = await find();
    while (!hasEnded(job)) {
      await pause(every, undefined, { ref: false, signal: woken.signal }).catch(() => undefined);
      job = ended ?? (await find().catch(() => job));
    }
    return job;
  } finally {
    unsubscribe();
  }
}

/** @param key of a request to the API */
export function triggerOf(
  by: 'person' | 'client' | 'api',
  key: string | undefined,
  { name, key: account }: Caller,
): Trigger {
  const named = name === undefined ? {} : { name };
  if (by !== 'api') return { kind: by, ...named };
  // Without a name nobody signs in, and the caller's key is only an address.
  return { kind: by, ...named, ...(name !== undefined && { account }), ...(key !== undefined && { key }) };
}

/** Other people see the name of a caller, not its id at the issuer. */
function withoutAccount(trigger: Trigger): Trigger {
  if (trigger.kind !== 'api') return trigger;
  const { account: _account, ...view } = trigger;
  return view;
}

export function jobView(job: Job): JobView {
  return { ...jobRow(job), outcome: readOutcome(job.outcome) ?? null };
}

function jobRow(job: Omit<Job, 'outcome'>): JobRow {
  const { id, project, target, trigger, status, queuedAt, startedAt, endedAt, attempt } = job;
  return {
    id,
    project,
    target: target ?? null,
    trigger: withoutAccount(trigger),
    why: formatTrigger(trigger),
    status,
    queuedAt,
    startedAt: startedAt ?? null,
    endedAt: endedAt ?? null,
    attempt,
    resumes: job.resumes ?? null,
    resumedBy: job.resumedBy ?? null,
    cancelRequested: job.cancelRequested,
    error: job.error ?? null,
  };
}

function foundJob(job: Job | undefined, id: string): Job {
  if (job) return job;
  throw new PlatformError('RUN_NOT_FOUND', {
    field: 'run',
    value: id,
    remedy: 'No job has this id: see the list of runs of the project.',
  });
}

function keyOfOther(by: string, key: string): PlatformError {
  const remedy = `Leave out by: "${by}": only requests of the API have a key.`;
  return new PlatformError('INPUT_INVALID', { field: 'key', value: key, remedy });
}
