import { expect, test } from 'vitest';
import { newRunId } from '../kernel/ids.ts';
import type { MetricPoint } from './model.ts';
import { refuseConflicts, valuesByKey } from './run-entries.ts';
import {
  type OpenRunStores,
  type OpenStores,
  pairs,
  point,
  readRun,
  startRun,
} from './run-stores.fixture.ts';
import type { RunStore } from './run-store.ts';

/** How every store of runs writes batches; each adapter's test is one call of this. */
export function runLogContract(label: string, open: OpenStores): void {
  test(`${label}: a batch is kept whole`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened, { tags: { kept: 'yes', changed: 'before' } });
    await log(runs, id, {
      params: { depth: '6', path: 'C:\\数据\n"x"', empty: '' },
      metrics: [point('mae', 14.2)],
      tags: { changed: 'after', new: '🏏' },
    });
    expect(await valuesOf(opened, id)).toMatchObject({
      params: { depth: '6', path: 'C:\\数据\n"x"', empty: '' },
      metrics: { mae: 14.2 },
      tags: { kept: 'yes', changed: 'after', new: '🏏' },
    });
    await log(runs, id, {});
    await expect(log(runs, newRunId(), { tags: { a: 'b' } })).rejects.toMatchObject({
      code: 'RUN_NOT_FOUND',
    });
  });

  test(`${label}: a param is written once; the same value again is fine`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    await log(runs, id, { params: { depth: '6' } });
    await log(runs, id, { params: { depth: '6', trees: '300' } });
    expect((await valuesOf(opened, id)).params).toEqual({ depth: '6', trees: '300' });
  });

  test(`${label}: a batch with one wrong param writes nothing`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    await log(runs, id, { params: { depth: '6' }, metrics: [point('mae', 1)], tags: { t: '1' } });
    const wrong = {
      params: { trees: '300', depth: '7' },
      metrics: [point('mae', 2, [1, 50]), point('r2', 1)],
      tags: { t: '2', u: '1' },
    };
    await expect(log(runs, id, wrong)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      detail: { field: 'param depth', value: '7', remedy: expect.stringContaining('"6"') },
    });
    expect(await valuesOf(opened, id)).toMatchObject({
      params: { depth: '6' },
      metrics: { mae: 1 },
      tags: { t: '1' },
    });
    expect(await history(opened, id, 'mae')).toEqual([point('mae', 1)]);
    expect(await history(opened, id, 'r2')).toEqual([]);
  });

  test(`${label}: a text with a character that no database keeps is refused, and nothing of its batch is written`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    const batch = { params: { good: 'x', bad: 'a\0b' }, metrics: [point('mae', 1)] };
    await expect(log(runs, id, batch)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await valuesOf(opened, id)).toMatchObject({ params: {}, metrics: {} });
  });

  test(`${label}: the last value of a metric is that of its highest step, then of its latest time`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    await log(runs, id, {
      metrics: [point('loss', 5, [2, 10]), point('loss', 9, [1, 99]), point('other', 1)],
    });
    expect((await valuesOf(opened, id)).metrics).toEqual({ loss: 5, other: 1 });
    await log(runs, id, { metrics: [point('loss', 8, [1, 200])] });
    expect((await valuesOf(opened, id)).metrics['loss']).toBe(5);
    await log(runs, id, { metrics: [point('loss', 4, [2, 11])] });
    expect((await valuesOf(opened, id)).metrics['loss']).toBe(4);
    await log(runs, id, { metrics: [point('loss', 3, [3, 1])] });
    expect((await valuesOf(opened, id)).metrics['loss']).toBe(3);
  });

  test(`${label}: a metric's history is in the order of time, and a repeated point is there once`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    await log(runs, id, {
      metrics: [point('loss', 2, [1, 20]), point('loss', 3, [0, 10]), point('loss', 1.5, [2, 20])],
    });
    await log(runs, id, { metrics: [point('loss', 3, [0, 10])] });
    expect(await history(opened, id, 'loss')).toEqual([
      point('loss', 3, [0, 10]),
      point('loss', 2, [1, 20]),
      point('loss', 1.5, [2, 20]),
    ]);
    expect(await history(opened, newRunId(), 'loss')).toEqual([]);
  });

  test.each([
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    -0.1,
    1e-308,
    Number.MAX_VALUE,
    2 ** 53,
  ])(`${label}: the metric %d is kept as it is`, async (value) => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    await log(runs, id, { metrics: [point('m', value, [-3, 50])] });
    expect(await history(opened, id, 'm')).toEqual([point('m', value, [-3, 50])]);
    expect((await valuesOf(opened, id)).metrics).toEqual({ m: value });
  });

  test(`${label}: a batch of 1,000 metrics of one key and 1,000 of others is kept`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    const oneKey = Array.from({ length: 1000 }, (_, step) => point('loss', 1 / (step + 1), [step, step]));
    const others = Array.from({ length: 1000 }, (_, key) => point(`m${key}`, key));
    const params = Object.fromEntries(Array.from({ length: 1000 }, (_, key) => [`p${key}`, String(key)]));
    await log(runs, id, { metrics: [...oneKey, ...others], params });
    expect(await history(opened, id, 'loss')).toEqual(oneKey);
    const run = await valuesOf(opened, id);
    expect(run.metrics).toEqual({
      loss: 0.001,
      ...Object.fromEntries(others.map(({ key, value }) => [key, value])),
    });
    expect(run.params).toEqual(params);
  });

  test(`${label}: batches that come at once are all kept`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    const points = Array.from({ length: 40 }, (_, step) => point('loss', step, [step, step]));
    await Promise.all(
      points.map((one) => log(runs, id, { metrics: [one], params: { [`p${one.step}`]: 'x' } })),
    );
    expect(await history(opened, id, 'loss')).toEqual(points);
    const run = await valuesOf(opened, id);
    expect(run.metrics).toEqual({ loss: 39 });
    expect(Object.keys(run.params)).toHaveLength(40);
  });

  test(`${label}: of two who give a param different values at once, one wins and the other writes nothing`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    const writes = ['1', '2'].map((seed) => log(runs, id, { params: { seed }, tags: { [seed]: 'here' } }));
    const outcomes = await Promise.allSettled(writes);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    const run = await valuesOf(opened, id);
    expect(run.tags).toEqual({ [run.params['seed'] ?? '']: 'here' });
  });
}

interface Batch {
  readonly params?: Readonly<Record<string, string>>;
  readonly metrics?: readonly MetricPoint[];
  readonly tags?: Readonly<Record<string, string>>;
}

/** Logs as the pipeline does: a conflict is an error. */
async function log(runs: RunStore, id: string, { params, metrics, tags }: Batch): Promise<void> {
  refuseConflicts(
    await runs.log(id, { params: pairs(params), tags: pairs(tags), ...(metrics && { metrics }) }),
  );
}

async function history(
  { metrics }: OpenRunStores,
  runId: string,
  key: string,
): Promise<readonly MetricPoint[]> {
  return (await metrics.history({ runId, key, offset: 0, limit: 5000 })).items;
}

/** What a run logged, by key. */
async function valuesOf(
  opened: OpenRunStores,
  id: string,
): Promise<Required<Omit<Batch, 'metrics'>> & { readonly metrics: Readonly<Record<string, number>> }> {
  const { params, metrics, tags } = await readRun(opened, id);
  const { 'mlflow.runName': _name, ...others } = valuesByKey(tags);
  return { params: valuesByKey(params), metrics: valuesByKey(metrics), tags: others };
}
