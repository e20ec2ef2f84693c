import { expect, test } from 'vitest';
import { newRunId } from '../kernel/ids.ts';
import { pageBytes, runLimits } from './run-limits.ts';
import {
  type OpenRunStores,
  type OpenStores,
  pairs,
  point,
  readRun,
  startRun,
} from './run-stores.fixture.ts';

/** What every store of runs refuses, and how much it reads at once; each adapter's test is one call of this. */
export function runLimitsContract(label: string, open: OpenStores): void {
  limits(label, open);
  parents(label, open);
  pages(label, open);
}

const many = (count: number, from = 0): Readonly<Record<string, string>> =>
  Object.fromEntries(Array.from({ length: count }, (_, index) => [`k${from + index}`, 'v']));

const tooMany = (kind: string, id: string) => ({
  code: 'INPUT_INVALID',
  detail: { field: `${kind} of run ${id}`, remedy: expect.stringMatching(/^must be at most 10,000/) },
});

function limits(label: string, open: OpenStores): void {
  test(`${label}: a run takes as many tags, params and metrics as the limit says, and no more`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const id = await startRun(opened);
    const room = runLimits.tags - 1;
    await runs.log(id, { tags: pairs(many(room)), params: pairs(many(runLimits.params)) });
    await runs.log(id, { metrics: Object.keys(many(runLimits.metrics)).map((key) => point(key, 1)) });
    const before = await readRun(opened, id);
    expect([before.tags.length, before.params.length, before.metrics.length]).toEqual([
      10_000, 10_000, 10_000,
    ]);
    await expect(runs.log(id, { tags: pairs({ more: 'v' }) })).rejects.toMatchObject(tooMany('tags', id));
    await expect(runs.log(id, { params: pairs({ more: 'v' }) })).rejects.toMatchObject(tooMany('params', id));
    await expect(runs.log(id, { metrics: [point('more', 1)] })).rejects.toMatchObject(tooMany('metrics', id));
    await expect(runs.addToTag(id, 'more', 1)).rejects.toMatchObject(tooMany('tags', id));
    expect(await readRun(opened, id)).toEqual(before);
    await runs.log(id, { tags: pairs({ k0: 'other' }), metrics: [point('k0', 2, [1, 60])] });
    expect((await readRun(opened, id)).tags).toContainEqual({ key: 'k0', value: 'other' });
  });

  test(`${label}: a run is not created with more than it may hold`, async () => {
    await using opened = await open();
    const id = newRunId();
    const run = { id, experimentId: '0', name: 'n', user: '', startedAt: 1 };
    await expect(opened.runs.create({ ...run, tags: pairs(many(10_001)) })).rejects.toMatchObject(
      tooMany('tags', id),
    );
    expect(await opened.runs.get(id)).toBeUndefined();
  });

  test(`${label}: the texts of a run have a limit together`, async () => {
    await using opened = await open();
    const id = await startRun(opened);
    const quarter = 'é'.repeat(runLimits.bytes / 8);
    await opened.runs.log(id, { tags: pairs({ a: quarter, b: quarter, c: quarter }) });
    const tooLong = {
      code: 'INPUT_INVALID',
      detail: { field: `tags of run ${id}`, remedy: expect.stringContaining('16,777,216 bytes') },
    };
    await expect(opened.runs.log(id, { tags: pairs({ d: quarter }) })).rejects.toMatchObject(tooLong);
    await opened.runs.log(id, { tags: pairs({ a: 'short', d: quarter }) });
    expect((await readRun(opened, id)).tags).toHaveLength(5);
  });
}

function parents(label: string, open: OpenStores): void {
  const nestedIn = (parent: string) => ({ tags: pairs({ 'mlflow.parentRunId': parent }) });

  test(`${label}: a run is not its own parent, nor in a circle of parents`, async () => {
    await using opened = await open();
    const { runs } = opened;
    const [top, middle, bottom] = [await startRun(opened), await startRun(opened), await startRun(opened)];
    await runs.log(bottom, nestedIn(middle));
    await runs.log(middle, nestedIn(top));
    for (const parent of [top, middle, bottom])
      await expect(runs.log(top, nestedIn(parent))).rejects.toMatchObject({
        code: 'INPUT_INVALID',
        detail: { field: 'tag mlflow.parentRunId', value: parent },
      });
    expect((await readRun(opened, top)).tags).toEqual(pairs({ 'mlflow.runName': 'calm-otter' }));
    expect((await runs.get(top))?.info.parentId).toBeUndefined();
    await runs.log(bottom, nestedIn(top));
    expect((await runs.get(bottom))?.info.parentId).toBe(top);
  });

  test(`${label}: no circle closes through a run that comes later`, async () => {
    await using opened = await open();
    const later = newRunId();
    const first = await startRun(opened, { tags: { 'mlflow.parentRunId': later } });
    const run = { id: later, experimentId: '0', name: 'n', user: '', startedAt: 1 };
    await opened.runs.create({ ...run, tags: [] });
    await expect(opened.runs.log(later, nestedIn(first))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    const itself = newRunId();
    await expect(
      opened.runs.create({ ...run, id: itself, tags: nestedIn(itself).tags }),
    ).rejects.toMatchObject({
      code: 'INPUT_INVALID',
      detail: { value: itself },
    });
    await expect(
      opened.runs.create({ id: itself, experimentId: '0', name: 'n', startedAt: 1, parentId: itself }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await opened.runs.get(itself)).toBeUndefined();
  });
}

function pages(label: string, open: OpenStores): void {
  test(`${label}: a page of runs ends at its bytes, and the pages together have every run once`, async () => {
    await using opened = await open();
    const size = pageBytes / 4;
    const ids = await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        startRun(opened, { startedAt: 1000 - index, tags: { index: String(index), long: 'x'.repeat(size) } }),
      ),
    );
    const found: string[] = [];
    const lengths: number[] = [];
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const page = await search(opened, offset);
      found.push(...page.items.map(({ info }) => info.id));
      lengths.push(page.items.length);
      offset = page.next;
    }
    expect(found).toEqual(ids);
    expect(lengths).toEqual([3, 3, 3, 1]);
    const page = await opened.runs.list({ experimentId: '0', limit: 50 });
    expect(page.runs.length).toBe(3);
    expect(page.next).toEqual({ startedAt: 998, id: ids[2] });
  });

  test(`${label}: a run that fills a page alone has one for itself`, async () => {
    await using opened = await open();
    const big = await startRun(opened, { startedAt: 2, tags: { long: 'x'.repeat(runLimits.bytes - 100) } });
    await opened.runs.log(big, { params: pairs({ long: 'x'.repeat(runLimits.bytes - 100) }) });
    const small = await startRun(opened, { startedAt: 1 });
    const first = await search(opened, 0);
    expect(first.items.map(({ info }) => info.id)).toEqual([big]);
    expect((await search(opened, first.next ?? 0)).items.map(({ info }) => info.id)).toEqual([small]);
  });
}

function search({ runs }: OpenRunStores, offset: number): ReturnType<OpenRunStores['runs']['search']> {
  return runs.search({ experimentIds: ['0'], view: 'active', offset, limit: 50 });
}
