import { expect, test } from 'vitest';
import { point, startRun, type OpenStores } from './run-stores.fixture.ts';

/** What every store of metrics' points must do; each adapter's test is one call of this. */
export function metricStoreContract(label: string, open: OpenStores): void {
  test(`${label}: a history comes page by page, in the order of time, step and value`, async () => {
    await using opened = await open();
    const points = [
      point('m', 3, [0, 1]),
      point('m', 1, [1, 1]),
      point('m', 2, [1, 1]),
      point('m', 0, [0, 2]),
    ];
    const runId = await startRun(opened, { metrics: [...points.toReversed(), point('other', 9)] });
    const page = (offset: number, limit: number) =>
      opened.metrics.history({ runId, key: 'm', offset, limit });
    expect(await page(0, 10)).toEqual({ items: points, next: undefined });
    expect(await page(0, 3)).toEqual({ items: points.slice(0, 3), next: 3 });
    expect(await page(3, 3)).toEqual({ items: points.slice(3), next: undefined });
    expect(await opened.metrics.history({ runId, key: 'none', offset: 0, limit: 1 })).toEqual({
      items: [],
      next: undefined,
    });
    expect((await opened.metrics.history({ runId: 'none', key: 'm', offset: 0, limit: 1 })).items).toEqual(
      [],
    );
  });

  test(`${label}: histories of several runs come one after the other, with their runs`, async () => {
    await using opened = await open();
    const first = await startRun(opened, {
      metrics: [point('m', 1, [0, 1]), point('m', Number.NaN, [1, 2])],
    });
    const second = await startRun(opened, { metrics: [point('m', 5, [0, 1])] });
    const all = await opened.metrics.histories([second, 'none', first], 'm', 10);
    expect(all.map(({ runId, value }) => [runId, value])).toEqual([
      [second, 5],
      [first, 1],
      [first, Number.NaN],
    ]);
    expect(await opened.metrics.histories([second, first], 'm', 2)).toEqual(all.slice(0, 2));
    expect(await opened.metrics.histories([], 'm', 2)).toEqual([]);
  });

  test(`${label}: a sample has evenly placed steps, and all points of a step`, async () => {
    await using opened = await open();
    const steps = Array.from({ length: 10 }, (_, step) => point('m', step, [step, step]));
    const runId = await startRun(opened, { metrics: [...steps, point('m', 99, [4, 40])] });
    const sampled = async (most: number, within?: readonly [number, number]) => {
      const [from = 0, to = 0] = within ?? [];
      const query = { runIds: [runId], key: 'm', most, ...(within && { steps: { from, to } }) };
      return (await opened.metrics.sample(query)).map(({ step, value }) => [step, value]);
    };
    expect(await sampled(5)).toEqual([
      [0, 0],
      [2, 2],
      [4, 4],
      [4, 99],
      [6, 6],
      [8, 8],
      [9, 9],
    ]);
    expect(await sampled(1)).toEqual([
      [0, 0],
      [9, 9],
    ]);
    expect(await sampled(100)).toHaveLength(11);
    expect(await sampled(100, [3, 5])).toEqual([
      [3, 3],
      [4, 4],
      [4, 99],
      [5, 5],
    ]);
    expect(await sampled(100, [20, 30])).toEqual([]);
    expect((await sampled(3)).map(([step]) => step)).toEqual([0, 3, 6, 9]);
    expect((await sampled(7)).map(([step]) => step)).toEqual([0, 1, 2, 4, 4, 5, 7, 8, 9]);
  });

  test(`${label}: of every run a sample has the first and the last step`, async () => {
    await using opened = await open();
    const metrics = (from: number, count: number) =>
      Array.from({ length: count }, (_, nth) => point('m', nth, [from + nth, nth]));
    const long = await startRun(opened, { metrics: metrics(0, 40) });
    const short = await startRun(opened, { metrics: metrics(13, 3) });
    const points = await opened.metrics.sample({ runIds: [short, long], key: 'm', most: 4 });
    const stepsOf = (run: string) => points.filter(({ runId }) => runId === run).map(({ step }) => step);
    expect(stepsOf(short)).toEqual([13, 15]);
    expect(stepsOf(long)).toEqual([0, 10, 13, 15, 20, 30, 39]);
    expect(points.map(({ runId }) => runId).indexOf(long)).toBe(2);
    expect(await opened.metrics.sample({ runIds: [], key: 'm', most: 4 })).toEqual([]);
  });

  test(`${label}: a curve has every logged point where they are few`, async () => {
    await using opened = await open();
    const metrics = [point('m', 3, [-5, 30]), point('m', Number.NaN, [0, 20]), point('m', 1, [7, 10])];
    const runId = await startRun(opened, { metrics: [...metrics, point('other', 9)] });
    const read = (by: 'step' | 'time') =>
      opened.metrics.curves({ runIds: ['none', runId], keys: ['m', 'none'], by, most: 3 });
    const points = [
      { step: -5, timestamp: 30, value: { mean: 3, least: 3, most: 3 }, nans: 0 },
      { step: 0, timestamp: 20, value: undefined, nans: 1 },
      { step: 7, timestamp: 10, value: { mean: 1, least: 1, most: 1 }, nans: 0 },
    ];
    expect(await read('step')).toEqual([{ runId, key: 'm', logged: 3, points }]);
    expect(await read('time')).toEqual([{ runId, key: 'm', logged: 3, points: points.toReversed() }]);
    expect(await opened.metrics.curves({ runIds: [], keys: ['m'], by: 'step', most: 3 })).toEqual([]);
  });

  test(`${label}: a long curve keeps its least and greatest values and counts its NaNs`, async () => {
    await using opened = await open();
    const metrics = Array.from({ length: 1000 }, (_, step) => {
      const value = step === 501 ? 1e9 : step === 502 ? -1e9 : step === 503 ? Number.NaN : 1;
      return point('m', value, [10 * step - 50, step]);
    });
    const runId = await startRun(opened, { metrics });
    const [curve] = await opened.metrics.curves({ runIds: [runId], keys: ['m'], by: 'step', most: 10 });
    expect(curve?.logged).toBe(1000);
    expect(curve?.points.map(({ step }) => step)).toEqual(
      [100, 200, 300, 400, 500, 600, 700, 800, 900, 1000].map((end) => 10 * (end - 1) - 50),
    );
    expect(curve?.points[5]).toEqual({
      step: 5940,
      timestamp: 599,
      value: { mean: 97 / 99, least: -1e9, most: 1e9 },
      nans: 1,
    });
  });
}
