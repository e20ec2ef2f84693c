import { expect, test } from 'vitest';
import type { ServerEvent } from '../api/views.ts';
import { openTopic } from '../kernel/events.ts';
import { newRunId } from '../kernel/ids.ts';
import { housesProject } from '../lifecycle/houses.fixture.ts';
import { type HousesApp, openHousesApp } from './houses-app.fixture.ts';
import { jobEnd } from './job-operations.ts';

const price = housesProject();
const start = { project: 'houses', by: 'client' } as const;

/** Lets the training of a model wait until its run is stopped. @returns when it has begun */
function trainForever(host: HousesApp): Promise<void> {
  return waitForever(host, 'house-price.train');
}

/** Lets a task wait until its run is stopped. @returns when it has begun */
function waitForever({ houses }: HousesApp, waiting: string): Promise<void> {
  return new Promise((reached) => {
    houses.before = ({ task }, signal) => {
      if (task !== waiting) return Promise.resolve();
      reached();
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(new Error('stopped'))),
      );
    };
  });
}

test('a run is answered at once with the id under which it is recorded', async () => {
  await using host = await openHousesApp(price);
  const job = await host.app.startRun({ ...start, target: 'houses' });
  expect(job).toMatchObject({
    project: 'houses',
    target: 'houses',
    trigger: { kind: 'client' },
    why: 'command line',
    status: 'queued',
    attempt: 1,
    outcome: null,
  });
  const { queue, topic: events } = host;
  const ended = await jobEnd(job.id, { queue, events });
  expect(ended).toMatchObject({ status: 'finished', outcome: { run: { id: job.id, status: 'FINISHED' } } });
  expect(await host.app.getJob({ run: job.id })).toEqual(ended);
  expect((await host.app.getRun({ run: job.id })).why).toBe('command line');
  const { outcome: _outcome, ...row } = ended;
  expect(await host.app.listJobs({ project: 'houses', limit: 5 })).toEqual([row]);
  expect(await host.app.listJobs({ project: 'houses', limit: 5, status: 'failed' })).toEqual([]);
  const statuses = host.events.flatMap((event) => (event.type === 'job' ? [event.job.status] : []));
  expect(statuses).toEqual(['queued', 'running', 'finished']);
});

test('a running run is cancelled: its task is stopped, and what waits is next', async () => {
  await using host = await openHousesApp(price);
  const { app, queue, topic: events } = host;
  const begun = trainForever(host);
  const job = await app.startRun(start);
  await begun;
  const next = await app.startRun({ ...start, target: 'houses' });
  expect(await app.cancelRun({ run: job.id })).toMatchObject({ status: 'running', cancelRequested: true });
  expect(await jobEnd(job.id, { queue, events })).toMatchObject({
    status: 'cancelled',
    outcome: { run: { status: 'KILLED' } },
  });
  expect(await jobEnd(next.id, { queue, events })).toMatchObject({ status: 'finished' });
  expect(await app.cancelRun({ run: next.id }), 'it has ended').toMatchObject({ status: 'finished' });
  await expect(app.cancelRun({ run: newRunId() })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
});

test('a request with a key runs once, however often it is sent', async () => {
  await using host = await openHousesApp(price);
  const ask = () => host.app.startRun({ project: 'houses', target: 'houses', key: 'deploy-17' });
  const [one, two] = await Promise.all([ask(), ask()]);
  expect(two.id).toBe(one.id);
  const { queue, topic: events } = host;
  await jobEnd(one.id, { queue, events });
  expect(await ask()).toMatchObject({ id: one.id, status: 'finished' });
});

test('a key is for one target of one caller, and only for requests of the API', async () => {
  await using host = await openHousesApp(price);
  const { app } = host;
  const asked = { project: 'houses', target: 'houses', key: 'deploy-17' };
  await app.startRun(asked);
  await expect(app.startRun({ project: 'houses', key: 'deploy-17' })).rejects.toMatchObject({
    code: 'KEY_REUSED',
  });
  await expect(app.startRun({ ...asked, by: 'client' })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    detail: { field: 'key', value: 'deploy-17' },
  });
});

test('old jobs go when another one ends; a fault of that is no fault of the run', async () => {
  await using host = await openHousesApp(price);
  const { app, queue, topic: events } = host;
  await host.worker[Symbol.asyncDispose]();
  const run = async (change: Parameters<typeof host.openWorker>[1]) => {
    await using worker = host.openWorker('test', change);
    await worker.start();
    const { id } = await app.startRun({ ...start, target: 'listings' });
    worker.wake();
    // Here, so that the worker is there meanwhile.
    return await jobEnd(id, { queue, events });
  };
  const retention = { latest: 2, most: 2, ageMs: 1000 };
  for (let count = 0; count < 3; count += 1)
    expect(await run({ retention })).toMatchObject({ status: 'finished' });
  expect(await queue.list({ limit: 10 })).toHaveLength(2);
  const broken = { ...queue, prune: () => Promise.reject(new Error('the disk is full')) };
  expect(await run({ retention, queue: broken })).toMatchObject({ status: 'finished' });
  expect(await queue.list({ limit: 10 })).toHaveLength(3);
});

test('a run whose process was killed is interrupted and completed by the next worker, under another id', async () => {
  await using host = await openHousesApp(price);
  const { queue, app, topic: events } = host;
  await host.worker[Symbol.asyncDispose]();
  const killed = newRunId();
  const trigger = { kind: 'schedule', schedule: 'nightly', at: 1 } as const;
  await queue.enqueue({ id: killed, project: 'houses', target: 'houses', trigger, queuedAt: 1 });
  await queue.claim({ projects: ['houses'], owner: 'a killed process', now: 2 });
  const waiting = await app.startRun(start);
  const worker = host.openWorker('the next process');
  await worker.start();
  const { resumedBy, status } = await app.getJob({ run: killed });
  expect([status, resumedBy]).toEqual(['interrupted', expect.any(String)]);
  const completed = await jobEnd(resumedBy ?? '', { queue, events });
  expect(completed).toMatchObject({
    status: 'finished',
    attempt: 2,
    resumes: killed,
    target: 'houses',
    trigger,
  });
  expect(await jobEnd(waiting.id, { queue, events }), 'in its turn').toMatchObject({ status: 'finished' });
  await worker[Symbol.asyncDispose]();
});

test('what a worker leaves when it stops is done by the next one', async () => {
  await using host = await openHousesApp(price);
  const { app, queue, topic: events } = host;
  const begun = trainForever(host);
  const job = await app.startRun(start);
  await begun;
  await host.worker[Symbol.asyncDispose]();
  expect(await app.getJob({ run: job.id })).toMatchObject({ status: 'running' });
  host.houses.before = async () => {};
  const next = host.openWorker('the next process');
  await next.start();
  const { resumedBy } = await app.getJob({ run: job.id });
  expect(await jobEnd(resumedBy ?? '', { queue, events })).toMatchObject({
    status: 'finished',
    outcome: { run: { status: 'FINISHED' } },
  });
  await next[Symbol.asyncDispose]();
});

test('a change of the project waits for a run that was requested', async () => {
  await using host = await openHousesApp(price);
  const { app, queue, topic: events, houses } = host;
  let release: () => void = () => {};
  const begun = new Promise<void>((reached) => {
    houses.before = ({ task }, signal) =>
      task === 'house-price.train'
        ? new Promise((resolve, reject) => {
            release = resolve;
            signal.addEventListener('abort', () => reject(new Error('stopped')));
            reached();
          })
        : Promise.resolve();
  });
  const job = await app.startRun(start);
  await begun;
  const replaced = host.project().replace();
  release();
  await replaced;
  expect(await jobEnd(job.id, { queue, events })).toMatchObject({
    status: 'finished',
    outcome: { run: { status: 'FINISHED' } },
  });
});

test.each(['listings.fetch', 'house-price.train'])(
  'a change of the project stops the run of an earlier change, which is then cancelled, not finished: in %s',
  async (stoppedIn) => {
    await using host = await openHousesApp(price);
    const { queue, topic: events } = host;
    if (stoppedIn === 'listings.fetch') await host.run(start);
    const begun = waitForever(host, stoppedIn);
    const id = newRunId();
    await queue.enqueue({ id, project: 'houses', trigger: { kind: 'code' }, queuedAt: 1 });
    host.worker.wake();
    await begun;
    await host.project().replace();
    const ended = await jobEnd(id, { queue, events });
    expect(ended).toMatchObject({ status: 'cancelled', cancelRequested: false });
    expect(ended.outcome?.tasks.some(({ status }) => status === 'skipped')).toBe(true);
  },
);

test('a worker stops a job that another process took over, and does not store its end', async () => {
  await using host = await openHousesApp(price);
  const { app, queue, topic: events } = host;
  const begun = trainForever(host);
  const job = await app.startRun(start);
  await begun;
  const [taken] = await queue.interruptAbandoned({
    owner: 'another process',
    now: 5,
    attempts: 3,
    newId: () => newRunId(),
  });
  host.houses.before = async () => {};
  host.worker.wake();
  expect(await jobEnd(taken?.resumedBy?.id ?? '', { queue, events })).toMatchObject({ status: 'finished' });
  expect(await app.getJob({ run: job.id })).toMatchObject({ status: 'interrupted', outcome: null });
  expect((await app.getRun({ run: job.id })).status).toBe('KILLED');
  expect(host.warnings).toEqual(['the end of a run was not stored: another process has ended the run']);
});

test('the end of a job is noticed that another process stored, also after a read that failed', async () => {
  await using host = await openHousesApp(price);
  const { queue } = host;
  await host.worker[Symbol.asyncDispose]();
  const id = newRunId();
  await queue.enqueue({ id, project: 'houses', trigger: { kind: 'start' }, queuedAt: 1 });
  let reads = 0;
  const flaky: typeof queue = {
    ...queue,
    async find(run) {
      reads += 1;
      if (reads === 2) throw new Error('no answer');
      if (reads === 3) {
        await queue.claim({ projects: ['houses'], owner: 'another process', now: 2 });
        await queue.end(id, 'another process', { status: 'failed', endedAt: 3 });
      }
      return queue.find(run);
    },
  };
  const events = openTopic<ServerEvent>();
  expect(await jobEnd(id, { queue: flaky, events, every: 1 })).toMatchObject({ id, status: 'failed' });
});

test('waiting for the end of a job that cannot be read fails, and leaves no subscription', async () => {
  await using host = await openHousesApp(price);
  const subscribed = new Set<unknown>();
  const events: typeof host.topic = {
    publish() {},
    subscribe(listener) {
      subscribed.add(listener);
      return () => void subscribed.delete(listener);
    },
  };
  const away = { ...host.queue, find: () => Promise.reject(new Error('no answer')) };
  await expect(jobEnd('a', { queue: away, events })).rejects.toThrow('no answer');
  await expect(jobEnd('a', { queue: host.queue, events })).rejects.toMatchObject({ code: 'RUN_NOT_FOUND' });
  expect(subscribed.size).toBe(0);
});

test('two workers over one queue do each run once', async () => {
  await using host = await openHousesApp(price);
  const { app, queue, topic: events } = host;
  await host.worker[Symbol.asyncDispose]();
  const jobs = [await app.startRun(start), await app.startRun(start), await app.startRun(start)];
  await queue.list({ limit: 1 });
  const workers = ['one', 'two'].map((owner) => host.openWorker(owner));
  // Both are known to be there, as their heartbeats say on a shared database.
  for (const owner of ['one', 'two']) await host.beat(owner);
  await Promise.all(workers.map((worker) => worker.start()));
  for (const worker of workers) worker.wake();
  const ended = [];
  for (const { id } of jobs) {
    for (const worker of workers) worker.wake();
    ended.push(await jobEnd(id, { queue, events }));
  }
  expect(ended.map(({ status }) => status)).toEqual(['finished', 'finished', 'finished']);
  expect(host.houses.launched.filter(({ task }) => task === 'house-price.train')).toHaveLength(1);
  const starts = host.events.flatMap((event) =>
    event.type === 'job' && event.job.status === 'running' ? [event.job.id] : [],
  );
  expect(starts.toSorted()).toEqual(jobs.map(({ id }) => id).toSorted());
  for (const worker of workers) await worker[Symbol.asyncDispose]();
});

test('a job whose end or whose claim the database did not answer does not stay running for good', async () => {
  await using host = await openHousesApp(price);
  const { app, topic: events } = host;
  await host.worker[Symbol.asyncDispose]();
  const faults = ['claim', 'end', 'end'];
  const failOnce = (at: string): void => {
    if (faults[0] === at) throw new Error(`no answer to ${String(faults.shift())}`);
  };
  const queue = {
    ...host.queue,
    async claim(...asked: Parameters<typeof host.queue.claim>) {
      const job = await host.queue.claim(...asked);
      if (job) failOnce('claim');
      return job;
    },
    async end(...asked: Parameters<typeof host.queue.end>) {
      failOnce('end');
      return host.queue.end(...asked);
    },
  };
  const job = await app.startRun({ ...start, target: 'houses' });
  const worker = host.openWorker('test', { queue, every: 5 });
  await worker.start();
  const first = await jobEnd(job.id, { queue, events });
  expect(first).toMatchObject({ status: 'interrupted', resumedBy: expect.any(String) });
  expect(await jobEnd(first.resumedBy ?? '', { queue, events })).toMatchObject({ status: 'finished' });
  expect(faults).toEqual([]);
  await worker[Symbol.asyncDispose]();
});

test('what cannot run at all says why', async () => {
  await using host = await openHousesApp(price);
  const { queue, topic: events } = host;
  const id = newRunId();
  await queue.enqueue({ id, project: 'houses', target: 'gone', trigger: { kind: 'person' }, queuedAt: 1 });
  host.worker.wake();
  expect(await jobEnd(id, { queue, events })).toMatchObject({
    status: 'failed',
    error: { code: 'TASK_NOT_FOUND' },
    outcome: null,
  });
});
