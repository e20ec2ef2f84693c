import { expect, test } from 'vitest';
import { newRunId, type RunId } from '../kernel/ids.ts';
import type { Trigger } from './job.ts';
import type { JobQueue } from './job-queue.ts';

export interface OpenJobQueue extends AsyncDisposable {
  readonly queue: JobQueue;
  /** The same jobs as another process sees them. */
  readonly other: JobQueue;
  /** The processes that are there. */
  readonly owners: {
    beat(owner: string, now: number): Promise<void>;
    leave(owner: string, now: number): Promise<void>;
  };
}

const person: Trigger = { kind: 'person' };

/** What every queue of jobs must do; each adapter's test is one call of this. */
export function jobQueueContract(label: string, open: () => Promise<OpenJobQueue>): void {
  const added = async (
    { queue }: OpenJobQueue,
    at: number,
    more: { readonly project?: string; readonly trigger?: Trigger; readonly target?: string } = {},
  ): Promise<RunId> => {
    const job = { id: newRunId(), project: 'houses', trigger: person, queuedAt: at, ...more };
    return (await queue.enqueue(job)).job.id;
  };
  const claimed = { projects: ['houses'], owner: 'one', now: 50 } as const;

  test(`${label}: jobs are found by the first characters of their ids`, async () => {
    await using opened = await open();
    const ids = ['ab12', 'ab13', 'ac00'].map((start) => (start + newRunId()).slice(0, 32) as RunId);
    for (const id of ids) await opened.queue.enqueue({ id, project: 'houses', trigger: person, queuedAt: 1 });
    const [first, second] = ids;
    expect(await opened.other.idsWithPrefix('ab', 9)).toEqual([first, second]);
    expect(await opened.other.idsWithPrefix('ab', 1)).toEqual([first]);
    expect(await opened.other.idsWithPrefix(second?.slice(0, 4) ?? '', 9)).toEqual([second]);
    expect(await opened.other.idsWithPrefix('ff', 9)).toEqual([]);
  });

  test(`${label}: a job is as it was queued, and waits`, async () => {
    await using opened = await open();
    const id = newRunId();
    const trigger = { kind: 'person', name: 'ada' } as const;
    const { job, isNew } = await opened.queue.enqueue({
      id,
      project: 'houses',
      target: 'rows',
      trigger,
      queuedAt: 4_102_444_800_123,
    });
    expect({ job, isNew }).toEqual({
      isNew: true,
      job: {
        id,
        project: 'houses',
        target: 'rows',
        trigger,
        status: 'queued',
        queuedAt: 4_102_444_800_123,
        attempt: 1,
        cancelRequested: false,
      },
    });
    expect(await opened.other.find(id)).toEqual(job);
    expect(await opened.queue.find(newRunId())).toBeUndefined();
    await expect(opened.queue.enqueue({ id, project: 'houses', trigger, queuedAt: 1 })).rejects.toMatchObject(
      { code: 'INPUT_INVALID' },
    );
  });

  test.each<[Trigger, Trigger]>([
    [
      { kind: 'schedule', schedule: 'nightly', at: 1000 },
      { kind: 'schedule', schedule: 'nightly', at: 2000 },
    ],
    [
      { kind: 'new data', source: 'listings', dataset: 'a' },
      { kind: 'new data', source: 'listings', dataset: 'b' },
    ],
    [
      { kind: 'drift', model: 'm', version: 1, at: 1 },
      { kind: 'drift', model: 'm', version: 2, at: 1 },
    ],
    [
      { kind: 'api', key: 'a' },
      { kind: 'api', key: 'b' },
    ],
  ])(
    `${label}: %j is queued once, also by two at one time and when it has ended`,
    async (trigger, another) => {
      await using opened = await open();
      const ask = (queue: JobQueue, asked: Trigger, project = 'houses') =>
        queue.enqueue({ id: newRunId(), project, trigger: asked, queuedAt: 1 });
      const both = await Promise.all([ask(opened.queue, trigger), ask(opened.other, trigger)]);
      expect(both.filter(({ isNew }) => isNew)).toHaveLength(1);
      const [first] = both.map(({ job }) => job.id);
      expect(both.map(({ job }) => job.id)).toEqual([first, first]);
      await opened.queue.claim(claimed);
      await opened.queue.end(both[0].job.id, 'one', { status: 'finished', endedAt: 60 });
      expect(await ask(opened.queue, trigger)).toMatchObject({
        isNew: false,
        job: { id: first, status: 'finished' },
      });
      expect((await ask(opened.queue, another)).isNew).toBe(true);
      expect((await ask(opened.queue, trigger, 'flats')).isNew, 'another project').toBe(true);
    },
  );

  test(`${label}: too many queued jobs of a project refuse a new one, but not a key that was used`, async () => {
    await using opened = await open();
    const ask = (project: string, key: string) =>
      opened.queue.enqueue({
        id: newRunId(),
        project,
        trigger: { kind: 'api', key },
        queuedAt: 1,
        mostQueued: 1,
      });
    const { job } = await ask('houses', 'first');
    await expect(ask('houses', 'second')).rejects.toMatchObject({
      code: 'RUN_IN_PROGRESS',
      detail: { field: 'project', value: 'houses' },
    });
    expect(await ask('houses', 'first')).toMatchObject({ isNew: false, job: { id: job.id } });
    expect((await ask('flats', 'second')).isNew, 'another project').toBe(true);
    await opened.queue.claim(claimed);
    expect((await ask('houses', 'second')).isNew, 'one runs').toBe(true);
  });

  test(`${label}: a key belongs to its caller, and to one target`, async () => {
    await using opened = await open();
    const ask = (trigger: Trigger, target?: string) =>
      opened.queue.enqueue({ id: newRunId(), project: 'houses', trigger, target, queuedAt: 1 });
    const trigger = { kind: 'api', name: 'ada', key: 'deploy' } as const;
    const { job } = await ask(trigger, 'rows');
    expect(await ask(trigger, 'rows')).toMatchObject({ isNew: false, job: { id: job.id } });
    for (const target of ['model', undefined])
      await expect(ask(trigger, target)).rejects.toMatchObject({
        code: 'KEY_REUSED',
        status: 422,
        message:
          'key in use: key is the key of a run of rows: send another key for another target (got "deploy")',
      });
    for (const name of ['bob', undefined])
      expect((await ask({ kind: 'api', ...(name && { name }), key: 'deploy' }, 'model')).isNew).toBe(true);
    const account = 'another account of this name';
    expect((await ask({ ...trigger, account }, 'model')).isNew).toBe(true);
    // Names and keys with the same text together.
    expect((await ask({ kind: 'api', name: 'ada deploy', key: 'x' })).isNew).toBe(true);
    expect((await ask({ kind: 'api', name: 'ada', key: 'deploy x' })).isNew).toBe(true);
  });

  test(`${label}: old jobs of a project are removed, and a key still finds its job`, async () => {
    await using opened = await open();
    const { queue, other } = opened;
    const trigger = { kind: 'schedule', schedule: 'nightly', at: 1 } as const;
    const [keyed, old, young, flats] = [
      await added(opened, 1, { trigger }),
      await added(opened, 2),
      await added(opened, 3),
      await added(opened, 4, { project: 'flats' }),
    ];
    for (const [id, endedAt] of [
      [keyed, 60],
      [old, 61],
      [young, 99],
      [flats, 60],
    ] as const) {
      await queue.claim({ projects: ['houses', 'flats'], owner: 'one', now: 50, id });
      await queue.end(id, 'one', { status: 'finished', endedAt, outcome: { tasks: [] } });
    }
    const queued = await added(opened, 5);
    const retention = { latest: 1, most: 100, endedSince: 99 };
    expect(await queue.prune('houses', retention)).toBe(1);
    const listed = (await other.list({ limit: 10 })).map(({ id }) => id);
    expect(listed).toEqual([queued, flats, young, keyed]);
    expect(await other.find(young)).toMatchObject({ outcome: { tasks: [] } });
    expect(await other.find(keyed)).toEqual(expect.not.objectContaining({ outcome: expect.anything() }));
    const again = { id: newRunId(), project: 'houses', trigger, queuedAt: 6 };
    expect(await other.enqueue(again)).toMatchObject({
      isNew: false,
      job: { id: keyed, status: 'finished' },
    });
    expect(await queue.prune('houses', { ...retention, most: 1 }), 'however young').toBe(1);
    expect(await queue.prune('castles', retention)).toBe(0);
  });

  test.each<Trigger>([person, { kind: 'client' }, { kind: 'api' }, { kind: 'start' }, { kind: 'code' }])(
    `${label}: %j asks anew each time`,
    async (trigger) => {
      await using opened = await open();
      const ids = [await added(opened, 1, { trigger }), await added(opened, 1, { trigger })];
      expect(new Set(ids).size).toBe(2);
    },
  );

  test(`${label}: jobs are claimed in their order, one of a project at a time`, async () => {
    await using opened = await open();
    const { queue, other } = opened;
    const [second, first, flats] = [
      await added(opened, 20),
      await added(opened, 10),
      await added(opened, 5, { project: 'flats' }),
    ];
    expect(await queue.claim({ ...claimed, projects: [] })).toBeUndefined();
    expect(await queue.claim({ ...claimed, projects: ['castles'] })).toBeUndefined();
    expect(await queue.claim(claimed)).toMatchObject({ id: first, status: 'running', startedAt: 50 });
    expect(await other.claim({ ...claimed, owner: 'two' }), 'one runs').toBeUndefined();
    const all = { projects: ['houses', 'flats'], owner: 'two', now: 51 };
    expect(await other.claim(all), 'of another project').toMatchObject({ id: flats });
    expect(await queue.end(first, 'two', { status: 'finished', endedAt: 60 }), 'not its own').toBe(false);
    expect(await queue.end(first, 'one', { status: 'failed', endedAt: 60, outcome: { a: Number.NaN } })).toBe(
      true,
    );
    expect(await queue.end(first, 'one', { status: 'finished', endedAt: 61 }), 'ended').toBe(false);
    expect(await other.find(first)).toMatchObject({
      status: 'failed',
      endedAt: 60,
      outcome: { a: Number.NaN },
    });
    expect(await other.claim(all)).toMatchObject({ id: second });
  });

  test(`${label}: a job can be claimed by its id, before older ones`, async () => {
    await using opened = await open();
    await added(opened, 1);
    const mine = await added(opened, 2);
    expect(await opened.queue.claim({ ...claimed, id: mine })).toMatchObject({ id: mine });
    expect(await opened.queue.claim({ ...claimed, id: mine })).toBeUndefined();
  });

  test(`${label}: of many that claim at one time each job has one`, async () => {
    await using opened = await open();
    const projects = ['a', 'b', 'c', 'd'];
    for (const project of projects) await added(opened, 1, { project });
    for (const project of projects) await added(opened, 2, { project });
    const tries = await Promise.all(
      Array.from({ length: 16 }, (_, index) =>
        (index % 2 === 0 ? opened.queue : opened.other).claim({ projects, owner: `w${index}`, now: 3 }),
      ),
    );
    const taken = tries.flatMap((job) => (job ? [job] : []));
    expect(taken.map(({ project }) => project).toSorted()).toEqual(projects);
    expect(new Set(taken.map(({ queuedAt }) => queuedAt))).toEqual(new Set([1]));
  });

  test(`${label}: a queued job is cancelled at once, a running one is asked to stop, and one that has ended stays`, async () => {
    await using opened = await open();
    const { queue, other } = opened;
    const [running, queued] = [await added(opened, 1), await added(opened, 2)];
    await queue.claim(claimed);
    expect(await other.cancel(queued, 70)).toMatchObject({ status: 'cancelled', endedAt: 70 });
    expect(await queue.find(running)).toMatchObject({ status: 'running', cancelRequested: false });
    expect(await other.cancel(running, 71)).toMatchObject({ status: 'running', cancelRequested: true });
    expect(await queue.find(running)).toMatchObject({ status: 'running', cancelRequested: true });
    await queue.end(running, 'one', { status: 'cancelled', endedAt: 72 });
    expect(await other.cancel(running, 73)).toMatchObject({ status: 'cancelled', endedAt: 72 });
    expect(await other.cancel(newRunId(), 74)).toBeUndefined();
    expect(await queue.claim(claimed), 'nothing is left').toBeUndefined();
  });

  test(`${label}: a job whose process is gone is interrupted and queued again in its place, until it was tried enough`, async () => {
    await using opened = await open();
    const { queue, owners } = opened;
    const [first, later] = [await added(opened, 1, { target: 'rows' }), await added(opened, 2)];
    const interrupt = (now: number) =>
      queue.interruptAbandoned({ owner: 'me', now, attempts: 2, newId: () => newRunId() });
    await owners.beat('one', 50);
    await queue.claim(claimed);
    expect(await interrupt(51), 'its process is there').toEqual([]);
    await owners.leave('one', 52);
    const [once] = await interrupt(53);
    expect(once).toMatchObject({
      interrupted: { id: first, status: 'interrupted', endedAt: 53 },
      resumedBy: {
        status: 'queued',
        attempt: 2,
        resumes: first,
        target: 'rows',
        queuedAt: 1,
        trigger: person,
      },
    });
    expect((await queue.find(first))?.resumedBy).toBe(once?.resumedBy?.id);
    expect(await queue.claim({ ...claimed, owner: 'gone' })).toMatchObject({ id: once?.resumedBy?.id });
    const [twice] = await interrupt(54);
    expect(twice).toEqual({ interrupted: expect.objectContaining({ status: 'interrupted', attempt: 2 }) });
    expect(await queue.claim({ ...claimed, owner: 'me' })).toMatchObject({ id: later });
    expect(await interrupt(55), 'the caller is there').toEqual([]);
  });

  test(`${label}: a job that its own process does not know of is abandoned when that does no job`, async () => {
    await using opened = await open();
    const id = await added(opened, 1);
    await opened.queue.claim({ ...claimed, owner: 'me' });
    await opened.owners.beat('me', 2);
    const asked = { owner: 'me', now: 61, attempts: 3, newId: () => newRunId() };
    expect(await opened.queue.interruptAbandoned(asked)).toEqual([]);
    expect(await opened.queue.interruptAbandoned({ ...asked, isIdle: true })).toMatchObject([
      { interrupted: { id }, resumedBy: { attempt: 2 } },
    ]);
  });

  test(`${label}: an interrupted job is completed by one of the same target that waits, if there is one`, async () => {
    await using opened = await open();
    const { queue } = opened;
    const first = await added(opened, 1);
    await queue.claim(claimed);
    await added(opened, 2, { target: 'rows' });
    const same = await added(opened, 3);
    const found = await queue.interruptAbandoned({
      owner: 'me',
      now: 61,
      attempts: 3,
      newId: () => newRunId(),
    });
    expect(found).toMatchObject([
      { interrupted: { id: first, resumedBy: same }, resumedBy: { id: same, attempt: 1 } },
    ]);
    expect(await queue.list({ statuses: ['queued'], limit: 10 })).toHaveLength(2);
  });

  test.each<Trigger>([{ kind: 'start' }, { kind: 'code' }])(
    `${label}: an interrupted job of %j is not queued again: its process asks anew when it starts`,
    async (trigger) => {
      await using opened = await open();
      const id = await added(opened, 1, { trigger });
      await opened.queue.claim(claimed);
      const { queue } = opened;
      expect(
        await queue.interruptAbandoned({ owner: 'me', now: 61, attempts: 3, newId: () => newRunId() }),
      ).toEqual([{ interrupted: expect.objectContaining({ id, status: 'interrupted' }) }]);
      expect(await queue.claim(claimed)).toBeUndefined();
    },
  );

  test(`${label}: a job that was to stop when its process ended is cancelled, not tried again`, async () => {
    await using opened = await open();
    const { queue } = opened;
    const id = await added(opened, 1);
    await queue.claim(claimed);
    await queue.cancel(id, 60);
    const found = await queue.interruptAbandoned({
      owner: 'me',
      now: 61,
      attempts: 3,
      newId: () => newRunId(),
    });
    expect(found).toEqual([
      { interrupted: expect.objectContaining({ id, status: 'cancelled', endedAt: 61 }) },
    ]);
  });

  test(`${label}: they are listed by project and status, the latest first`, async () => {
    await using opened = await open();
    const ids = [await added(opened, 1), await added(opened, 2), await added(opened, 3)];
    await added(opened, 4, { project: 'flats' });
    await opened.queue.claim(claimed);
    const listed = async (filter: Parameters<JobQueue['list']>[0]) =>
      (await opened.other.list(filter)).map(({ id }) => ids.indexOf(id));
    expect(await listed({ project: 'houses', limit: 10 })).toEqual([2, 1, 0]);
    expect(await listed({ project: 'houses', limit: 2 })).toEqual([2, 1]);
    expect(await listed({ project: 'houses', statuses: ['running'], limit: 10 })).toEqual([0]);
    expect(await listed({ statuses: ['queued'], limit: 10 })).toEqual([-1, 2, 1]);
  });
}
