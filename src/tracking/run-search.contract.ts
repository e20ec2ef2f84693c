import { expect, test } from 'vitest';
import { valuesByKey } from './run-entries.ts';
import type { RunQuery } from './run-store.ts';
import { point, startRun, type OpenRunStores, type OpenStores } from './run-stores.fixture.ts';
import type { Condition } from './search/ast.ts';
import { parseCondition, parseFilter } from './search/filter.ts';
import { runSearch } from './search/grammar.ts';
import { parseOrders } from './search/order.ts';

/** What every search of runs must do; each adapter's test is one call of this. */
export function runSearchContract(label: string, open: OpenStores): void {
  filters(label, open);
  values(label, open);
  orders(label, open);
  pages(label, open);
}

function values(label: string, open: OpenStores): void {
  test(`${label}: a search reads the values that it names, and no others`, async () => {
    await using opened = await open();
    await threeRuns(opened);
    const read = async (values: RunQuery['values']) => {
      const { items } = await opened.runs.search({ ...query, ...(values && { values }) });
      return items.map(({ info, metrics, params, tags, datasets }) => [
        info.name,
        Object.keys(valuesByKey(metrics)),
        Object.keys(valuesByKey(params)),
        Object.keys(valuesByKey(tags)),
        datasets.length,
      ]);
    };
    expect(await read(undefined)).toEqual([
      ['c', ['my metric'], [], ['mlflow.runName'], 0],
      ['b', ['m'], ['p'], ['mlflow.runName', 't'], 1],
      ['a', ['m'], ['p'], ['mlflow.runName', 't'], 1],
    ]);
    expect(await read({ metrics: ['my metric', 'none'], params: ['p'], tags: [] })).toEqual([
      ['c', ['my metric'], [], [], 0],
      ['b', [], ['p'], [], 0],
      ['a', [], ['p'], [], 0],
    ]);
  });
}

function filters(label: string, open: OpenStores): void {
  test.each<[filter: string, names: string]>([
    ['', 'a b c'],
    ['metrics.m > 1', 'b'],
    ['metrics.m >= 1', 'a b'],
    ['metrics.m != 1', 'b'],
    ['metrics.m = 1', 'a'],
    ['metrics.m < 2 AND metrics.m <= 1', 'a'],
    ['metrics.none > 0', ''],
    ['metrics.`my metric` = 7', 'c'],
    ["params.p = 'X'", 'a'],
    ["params.p != 'X'", 'b'],
    ["params.p LIKE 'x%'", 'b'],
    ["params.p ILIKE 'x%'", 'a b'],
    ["params.p LIKE 'x_z'", 'b'],
    ["params.p LIKE 'x\\%'", ''],
    ['params.p IS NULL', 'c'],
    ['params.p IS NOT NULL', 'a b'],
    ["tags.t = 'one' AND params.p = 'X'", 'a'],
    ["tags.t LIKE '%e'", 'a b'],
    ["tags.mlflow.runName = 'c'", 'c'],
    ["run_name = 'b'", 'b'],
    ["attributes.run_name LIKE 'B'", ''],
    ["attributes.`Run name` ILIKE 'B'", 'b'],
    ["status = 'FINISHED'", 'b'],
    ["attr.status IN ('FINISHED', 'RUNNING')", 'a b c'],
    ["status NOT IN ('FINISHED')", 'a c'],
    ["user_id = 'ann'", 'a'],
    ['start_time > 10 AND start_time < 30', 'b'],
    ['end_time >= 0', 'b'],
    ["artifact_uri LIKE 'mlflow-artifacts:/0/%'", 'a b c'],
    ["dataset.name = 'rows'", 'a b'],
    ["dataset.digest LIKE 'd%' AND dataset.context = 'test'", 'b'],
    ["datasets.context IN ('training', 'test')", 'a b'],
    ["dataset.name NOT IN ('rows')", ''],
    ["params.p = 'X'' OR 1=1 --'", ''],
  ])(`${label}: runs with %s`, async (filter, names) => {
    await using opened = await open();
    await threeRuns(opened);
    const all = parseFilter(filter, runSearch);
    expect(await namesOf(opened, { filter: { kind: 'all', of: all } })).toBe(reversed(names));
    expect(await countOf(opened, { kind: 'all', of: all })).toBe(sizeOf(names));
  });

  test.each<[filter: string, names: string]>([
    ["metrics.m > 1 OR params.p = 'X'", 'a b'],
    ["(metrics.m = 1 OR metrics.m = 2) AND status = 'FINISHED'", 'b'],
    ["run_name = 'c' OR (run_name = 'a' AND metrics.m = 2)", 'c'],
  ])(`${label}: runs with %s, which MLflow's grammar has not`, async (filter, names) => {
    await using opened = await open();
    await threeRuns(opened);
    const condition = parseCondition(filter, runSearch);
    expect(await namesOf(opened, { filter: condition })).toBe(reversed(names));
    expect(await countOf(opened, condition)).toBe(sizeOf(names));
  });

  test(`${label}: a metric is compared by its last value, and a NaN matches nothing`, async () => {
    await using opened = await open();
    await startRun(opened, { name: 'falls', metrics: [point('m', 9, [1, 1]), point('m', 2, [2, 2])] });
    await startRun(opened, { name: 'lost', metrics: [point('m', Number.NaN, [1, 1])] });
    const found = (filter: string) =>
      namesOf(opened, { filter: { kind: 'all', of: parseFilter(filter, runSearch) } });
    expect(await found('metrics.m > 5')).toBe('');
    expect(await found('metrics.m < 5')).toBe('falls');
    expect(await found('metrics.m != 5')).toBe('falls');
    expect(await found('metrics.m = 0')).toBe('');
  });

  test(`${label}: a text is found by all of it, however long it is`, async () => {
    await using opened = await open();
    const long = 'x'.repeat(500);
    await startRun(opened, { name: 'a', params: { p: `${long}a` }, tags: { t: `${long}a` } });
    await startRun(opened, { name: 'b', params: { p: `${long}b` }, tags: { t: `${long}b` } });
    const filter = parseFilter(`params.p = '${long}a' AND tags.t = '${long}a'`, runSearch);
    expect(await namesOf(opened, { filter: { kind: 'all', of: filter } })).toBe('a');
  });

  test(`${label}: runs of the experiments that are asked for, by their lifecycle`, async () => {
    await using opened = await open();
    const other = await opened.experiments.create({ name: 'other', tags: [], now: 1 });
    await startRun(opened, { name: 'here', startedAt: 3 });
    await opened.runs.delete(await startRun(opened, { name: 'gone', startedAt: 2 }), 9);
    await startRun(opened, { name: 'there', experimentId: other, startedAt: 1 });
    expect(await namesOf(opened, {})).toBe('here');
    expect(await namesOf(opened, { view: 'deleted' })).toBe('gone');
    expect(await namesOf(opened, { view: 'all', experimentIds: ['0', other] })).toBe('here gone there');
    expect(await namesOf(opened, { experimentIds: [other, 'abc', '987'] })).toBe('there');
    expect(await namesOf(opened, { experimentIds: [] })).toBe('');
    expect(await namesOf(opened, { experimentIds: ['abc'] })).toBe('');
  });
}

function orders(label: string, open: OpenStores): void {
  test.each<[order: string, names: string]>([
    ['', 'f e d c b a'],
    ['metrics.m', 'b a d f e c'],
    ['metrics.m DESC', 'd a b f e c'],
    ['metrics.none', 'f e d c b a'],
    ['params.p', 'c b a f e d'],
    ['params.p DESC', 'a b c f e d'],
    ['tags.mlflow.runName DESC', 'f e d c b a'],
    ['attributes.start_time', 'a b c d e f'],
    ['run_name', 'a b c d e f'],
    ['end_time DESC', 'b a f e d c'],
    ['status, metrics.m', 'b a d f e c'],
    ['tags.group, metrics.m DESC', 'a b e d f c'],
  ])(`${label}: runs in the order of %s`, async (order, names) => {
    await using opened = await open();
    await sixRuns(opened);
    const items = order ? order.split(', ') : [];
    const parsed = parseOrders(items, runSearch);
    expect(await namesOf(opened, { order: parsed })).toBe(names);
    for (let offset = 0; offset <= 6; offset += 1)
      expect(await namesOf(opened, { order: parsed, offset, limit: 2 })).toBe(
        names
          .split(' ')
          .slice(offset, offset + 2)
          .join(' '),
      );
  });

  test(`${label}: runs that are equal come in the order of their ids`, async () => {
    await using opened = await open();
    const ids = await Promise.all(
      Array.from({ length: 6 }, () => startRun(opened, { metrics: [point('m', 1)] })),
    );
    for (const order of [[], parseOrders(['metrics.m'], runSearch)]) {
      const { items } = await opened.runs.search({ ...query, order });
      expect(items.map(({ info }) => info.id)).toEqual(ids.toSorted());
    }
  });
}

function pages(label: string, open: OpenStores): void {
  test(`${label}: a page says where the next one starts, and runs come whole`, async () => {
    await using opened = await open();
    await threeRuns(opened);
    const first = await opened.runs.search({ ...query, limit: 2 });
    expect([first.items.length, first.next]).toEqual([2, 2]);
    const last = await opened.runs.search({ ...query, offset: 2, limit: 2 });
    expect([last.items.length, last.next]).toEqual([1, undefined]);
    const [run] = last.items;
    expect(run).toEqual(await opened.runs.get(run?.info.id ?? ''));
    expect(run).toMatchObject({ metrics: [point('m', 1)], datasets: [{ dataset: { name: 'rows' } }] });
    expect((await opened.runs.search({ ...query, limit: 3 })).next).toBeUndefined();
  });
}

const query: RunQuery = { experimentIds: ['0'], view: 'active', offset: 0, limit: 100 };

async function namesOf({ runs }: OpenRunStores, part: Partial<RunQuery>): Promise<string> {
  const { items } = await runs.search({ ...query, ...part });
  return items.map(({ info }) => info.name).join(' ');
}

function countOf({ runs }: OpenRunStores, filter: Condition): Promise<number> {
  return runs.count({ experimentIds: query.experimentIds, view: query.view, filter });
}

function sizeOf(names: string): number {
  return names === '' ? 0 : names.split(' ').length;
}

/** The latest started comes first where nothing else is asked. */
function reversed(names: string): string {
  return names.split(' ').toReversed().join(' ');
}

async function threeRuns(opened: OpenRunStores): Promise<void> {
  const { runs } = opened;
  const rows = (context: string) => ({
    dataset: { name: 'rows', digest: `d-${context}`, sourceType: 'local', source: '{}' },
    tags: [{ key: 'mlflow.data.context', value: context }],
  });
  const a = await startRun(opened, {
    name: 'a',
    user: 'ann',
    startedAt: 10,
    tags: { t: 'one' },
    params: { p: 'X' },
    metrics: [point('m', 1)],
  });
  await runs.link(a, { datasets: [rows('training')] });
  const b = await startRun(opened, {
    name: 'b',
    startedAt: 20,
    tags: { t: 'one' },
    params: { p: 'xyz' },
    metrics: [point('m', 2)],
  });
  await runs.link(b, { datasets: [rows('test')] });
  await runs.update(b, { status: 'FINISHED', endedAt: 0 });
  await startRun(opened, { name: 'c', startedAt: 30, metrics: [point('my metric', 7)] });
}

/** `d` has the largest number, `e` and `f` are NaN, `c` has none. */
async function sixRuns(opened: OpenRunStores): Promise<void> {
  const run = (name: string, startedAt: number, part: Parameters<typeof startRun>[1] = {}) =>
    startRun(opened, { name, startedAt, ...part });
  const a = await run('a', 1, { params: { p: 'z' }, metrics: [point('m', 2)], tags: { group: '1' } });
  const b = await run('b', 2, { params: { p: 'y' }, metrics: [point('m', 1)], tags: { group: '1' } });
  await run('c', 3, { params: { p: 'x' } });
  await run('d', 4, { metrics: [point('m', 3)], tags: { group: '2' } });
  await run('e', 5, { metrics: [point('m', Number.NaN)], tags: { group: '1' } });
  await run('f', 6, { metrics: [point('m', Number.NaN)], tags: { group: '2' } });
  await opened.runs.update(a, { status: 'FINISHED', endedAt: 1 });
  await opened.runs.update(b, { status: 'FAILED', endedAt: 2 });
}
