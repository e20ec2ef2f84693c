import { expect, test } from 'vitest';
import { newRunId } from '../kernel/ids.ts';
import { housesProject } from '../lifecycle/houses.fixture.ts';
import { type HousesApp, openHousesApp } from './houses-app.fixture.ts';
import { jobEnd } from './job-operations.ts';

const price = housesProject();
const start = { project: 'houses', by: 'client' } as const;

/** Lets the training of a model wait until its run is stopped. @returns when it has begun */
function trainForever({ houses }: HousesApp): Promise<void> {
  return new Promise((reached) => {
    houses.before = ({ task }, signal) => {
      if (task !== 'house-price.train') return Promise.resolve();
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
  expect(await host.app.listJobs({ project: 'houses', limit: 5 })).toEqual([ended]);
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
  expect(await app.cancelRun({ run: job.id })).toMatchObject({ status: 'running', isCancelled: true });
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
