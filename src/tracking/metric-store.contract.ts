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
}
