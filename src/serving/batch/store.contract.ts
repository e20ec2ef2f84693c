import { expect, test } from 'vitest';
import type { Digest } from '../../kernel/digest.ts';
import { type BatchId, type BatchInput, newBatchId } from './batch.ts';
import type { BatchLimits, BatchStore } from './store.ts';

export interface OpenBatchStore extends AsyncDisposable {
  readonly batches: BatchStore;
  /** The same batches as another process sees them. */
  readonly other: BatchStore;
  /** The processes that are there. */
  readonly owners: {
    beat(owner: string, now: number): Promise<void>;
    leave(owner: string, now: number): Promise<void>;
  };
}

const input: BatchInput = {
  model: 'house-price',
  version: 3,
  folder: 'f'.repeat(64) as Digest,
  file: 'coming "houses".csv',
  size: 120,
  format: {
    delimiter: ',',
    quote: '"',
    encoding: 'utf-8',
    decimal: '.',
    header: true,
    skip: 0,
    mark: false,
    missing: ['NA'],
    dates: {},
  },
  columns: { header: ['size', 'note'], matched: [{ field: 'size', index: 0 }], ignored: [1], absent: [] },
};
const nothingYet = { writers: [], unlike: [] } as const;
const claimed = { projects: ['houses'], owner: 'one', now: 50 } as const;
const ended = { endedAt: 90, expiresAt: 900 } as const;

/** What every store of batches must do; each adapter's test is one call of this. */
export function batchStoreContract(label: string, open: () => Promise<OpenBatchStore>): void {
  const created = async (
    { batches }: OpenBatchStore,
    at: number,
    more: {
      readonly project?: string;
      readonly endpoint?: string;
      readonly sender?: string;
      readonly limits?: BatchLimits;
    } = {},
  ): Promise<BatchId> => {
    const batch = { project: 'houses', endpoint: 'house-price', ...more };
    return (await batches.create({ id: newBatchId(), ...batch, input, createdAt: at, expiresAt: at + 100 }))
      .id;
  };
  const queued = async (opened: OpenBatchStore, at: number): Promise<BatchId> => {
    const id = await created(opened, at);
    await opened.batches.start(id);
    return id;
  };

  test(`${label}: a batch is as it was stored, and waits for its start`, async () => {
    await using opened = await open();
    const id = await created(opened, 10);
    expect(await opened.other.find(id)).toEqual({
      id,
      project: 'houses',
      endpoint: 'house-price',
      input,
      status: 'ready',
      createdAt: 10,
      expiresAt: 110,
      done: 0,
      refused: 0,
      parts: 0,
      bytes: 0,
      ...nothingYet,
      attempt: 0,
      cancelRequested: false,
    });
    expect(await opened.batches.claim(claimed)).toBeUndefined();
    expect(await opened.other.start(id)).toMatchObject({ status: 'queued' });
    expect(await opened.other.find(newBatchId())).toBeUndefined();
    expect(await opened.other.start(newBatchId())).toBeUndefined();
    expect(await opened.other.cancel(newBatchId(), ended)).toBeUndefined();
  });

  test(`${label}: lists can be of one sender`, async () => {
    await using opened = await open();
    await created(opened, 1);
    const sent = await created(opened, 2, { sender: 'account [1]' });
    await created(opened, 3, { sender: 'account [2]' });
    expect(await opened.other.list({ project: 'houses', sender: 'account [1]', limit: 9 })).toMatchObject([
      { id: sent, sender: 'account [1]' },
    ]);
  });

  test(`${label}: lists are of a project, or of one of its endpoints, the latest first`, async () => {
    await using opened = await open();
    const [first, second, third] = [
      await created(opened, 1),
      await created(opened, 2, { endpoint: 'rent' }),
      await created(opened, 3),
    ];
    await created(opened, 4, { project: 'other' });
    const ids = async (filter: { readonly endpoint?: string; readonly limit: number }) =>
      (await opened.other.list({ project: 'houses', ...filter })).map(({ id }) => id);
    expect(await ids({ limit: 9 })).toEqual([third, second, first]);
    expect(await ids({ limit: 2 })).toEqual([third, second]);
    expect(await ids({ endpoint: 'house-price', limit: 9 })).toEqual([third, first]);
  });

  test(`${label}: a project has so many batches and bytes and no more`, async () => {
    await using opened = await open();
    const { batches } = opened;
    const limits = { batches: 2, bytes: 1000 };
    expect(await batches.usage('houses')).toEqual({ batches: 0, bytes: 0 });
    const first = await created(opened, 1, { limits });
    await created(opened, 2, { project: 'other' });
    await created(opened, 3, { limits });
    const reached = { code: 'LIMIT_REACHED', status: 409 };
    await expect(created(opened, 4, { limits })).rejects.toMatchObject(reached);
    expect(await batches.usage('houses')).toEqual({ batches: 2, bytes: 240 });
    await batches.start(first);
    await batches.claim({ ...claimed, id: first });
    await batches.advance(first, 'one', { done: 9, refused: 0, parts: 1, bytes: 700, ...nothingYet });
    expect(await batches.usage('houses')).toEqual({ batches: 2, bytes: 940 });
    await expect(created(opened, 5, { limits: { ...limits, batches: 9 } })).rejects.toMatchObject(reached);
    await created(opened, 6, { limits: { batches: 9, bytes: 1060 } });
  });

  test(`${label}: the batch stored first is claimed first, by one process alone`, async () => {
    await using opened = await open();
    for (const owner of ['one', 'two']) await opened.owners.beat(owner, 1);
    const [later, first] = [await queued(opened, 20), await queued(opened, 10)];
    const [one, two] = await Promise.all([
      opened.batches.claim(claimed),
      opened.other.claim({ ...claimed, owner: 'two' }),
    ]);
    expect(new Set([one?.id, two?.id])).toEqual(new Set([first, later]));
    expect(await opened.batches.find(first)).toMatchObject({ status: 'running', startedAt: 50, attempt: 1 });
  });

  test(`${label}: only a batch of a hosted project is claimed, and only the one that is named`, async () => {
    await using opened = await open();
    const [first, second] = [await queued(opened, 1), await queued(opened, 2)];
    expect(await opened.batches.claim({ ...claimed, projects: [] })).toBeUndefined();
    expect(await opened.batches.claim({ ...claimed, projects: ['other'] })).toBeUndefined();
    expect((await opened.batches.claim({ ...claimed, id: second }))?.id).toBe(second);
    expect((await opened.batches.claim(claimed))?.id).toBe(first);
  });

  test(`${label}: progress is stored for its owner, and a claim after its death continues from there`, async () => {
    await using opened = await open();
    const { batches, other, owners } = opened;
    const id = await queued(opened, 1);
    await owners.beat('one', 1);
    await owners.beat('two', 1);
    await batches.claim(claimed);
    const progress = {
      total: 900,
      done: 300,
      refused: 2,
      parts: 3,
      bytes: 5000,
      writers: [{ from: 0, attempt: '0123456789abcdef' }],
      unlike: [{ field: 'size', title: 'Size', unlike: 'outside', range: '1 to 7', rows: 12 }],
    } as const;
    expect(await batches.advance(id, 'one', progress)).toBe(true);
    expect(await other.advance(id, 'two', { ...progress, done: 1 })).toBe(false);
    expect(await other.claim({ ...claimed, owner: 'two' })).toBeUndefined();
    await owners.leave('one', 60);
    expect(await other.claim({ ...claimed, owner: 'two', now: 70 })).toMatchObject({
      ...progress,
      id,
      startedAt: 50,
      attempt: 2,
    });
    expect(await batches.advance(id, 'one', { ...progress, done: 400 })).toBe(false);
    expect(await batches.end(id, 'one', { status: 'finished', ...ended })).toBe(false);
    expect(await other.find(id)).toMatchObject({ ...progress, status: 'running' });
    // Each process stores its start before it predicts a row: that must not hide that the rows end every process.
    expect(await other.advance(id, 'two', progress)).toBe(true);
    expect(await other.find(id)).toMatchObject({ done: 300, attempt: 2 });
    expect(await other.advance(id, 'two', { ...progress, done: 400, parts: 4 })).toBe(true);
    expect(await other.find(id)).toMatchObject({ done: 400, attempt: 1 });
  });

  test(`${label}: a waiting batch is cancelled at once, a running one is asked to stop`, async () => {
    await using opened = await open();
    const [running, waiting, ready] = [
      await queued(opened, 1),
      await queued(opened, 2),
      await created(opened, 3),
    ];
    await opened.batches.claim(claimed);
    for (const id of [waiting, ready])
      expect(await opened.other.cancel(id, ended)).toMatchObject({ status: 'cancelled', ...ended });
    expect(await opened.other.cancel(running, ended)).toMatchObject({
      status: 'running',
      cancelRequested: true,
    });
    const progress = { done: 10, refused: 0, parts: 1, bytes: 9, ...nothingYet };
    expect(await opened.batches.advance(running, 'one', progress)).toBe(false);
    expect(await opened.batches.find(running), 'what is done stays').toMatchObject({ done: 10 });
  });

  test(`${label}: a batch that failed or was cancelled is started again where it was, a finished one is not`, async () => {
    await using opened = await open();
    const { batches } = opened;
    const id = await queued(opened, 1);
    await batches.claim(claimed);
    const progress = { total: 20, done: 10, refused: 1, parts: 1, bytes: 9, ...nothingYet };
    await batches.advance(id, 'one', progress);
    const error = {
      code: 'STATE_UNWRITABLE',
      message: 'full',
      detail: { field: 'batches', value: 'ENOSPC', remedy: 'Free space.' },
    } as const;
    expect(await batches.end(id, 'one', { status: 'failed', ...ended, error })).toBe(true);
    expect(await batches.find(id)).toMatchObject({ status: 'failed', ...ended, error });
    await batches.start(id);
    const again = await batches.claim(claimed);
    expect(again).toMatchObject({ ...progress, status: 'running', attempt: 1, cancelRequested: false });
    expect(again).not.toHaveProperty('error');
    await batches.end(id, 'one', { status: 'finished', ...ended });
    expect(await batches.start(id)).toMatchObject({ status: 'finished' });
    expect(await batches.cancel(id, ended)).toMatchObject({ status: 'finished', cancelRequested: false });
  });

  test(`${label}: batches expire, but not while they run`, async () => {
    await using opened = await open();
    const { batches } = opened;
    const [running, old, young] = [
      await queued(opened, 1),
      await created(opened, 2),
      await created(opened, 300),
    ];
    await batches.claim({ ...claimed, id: running });
    expect((await batches.expired(200)).map(({ id }) => id)).toEqual([old]);
    // Somebody may start a batch again after it was found to be expired.
    const again = await created(opened, 4);
    await batches.start(again);
    for (const [id, isGone] of [
      [old, true],
      [running, false],
      [again, false],
      [young, false],
    ] as const)
      expect([id, await batches.removeExpired(id, 200)]).toEqual([id, isGone]);
    await batches.cancel(again, { endedAt: 5, expiresAt: 6 });
    expect(await batches.removeExpired(again, 200)).toBe(true);
    expect(await batches.removeExpired(again, 200), 'somebody else removed it').toBe(true);
    expect(await batches.unknown([again, young, old, running])).toEqual([again, old]);
    const left = await batches.list({ project: 'houses', limit: 9 });
    expect(left.map(({ id }) => id)).toEqual([young, running]);
  });
}
