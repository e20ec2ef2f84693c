import { expect, test } from 'vitest';
import type { ExperimentQuery } from './experiment-store.ts';
import { readRun, startRun, type OpenRunStores, type OpenStores } from './run-stores.fixture.ts';
import { pageBytes } from './run-limits.ts';
import { parseFilter } from './search/filter.ts';
import { experimentSearch } from './search/grammar.ts';
import { parseOrders } from './search/order.ts';

/** What every store of experiments must do; each adapter's test is one call of this. */
export function experimentStoreContract(label: string, open: OpenStores): void {
  making(label, open);
  lifecycle(label, open);
  tags(label, open);
  searches(label, open);
  datasets(label, open);
}

function making(label: string, open: OpenStores): void {
  test(`${label}: an empty database has the experiment Default, 0`, async () => {
    await using opened = await open();
    expect(await opened.experiments.get('0')).toMatchObject({
      id: '0',
      name: 'Default',
      artifactLocation: 'mlflow-artifacts:/0',
      lifecycle: 'active',
      tags: [],
    });
    expect(await opened.experiments.getByName('Default')).toMatchObject({ id: '0' });
  });

  test(`${label}: an experiment is found as it was made`, async () => {
    await using opened = await open();
    const { experiments } = opened;
    const id = await make(opened, 'नमस्ते 🏏', { b: '2', a: '' });
    expect(await experiments.get(id)).toEqual({
      id,
      name: 'नमस्ते 🏏',
      artifactLocation: `mlflow-artifacts:/${id}`,
      lifecycle: 'active',
      createdAt: 100,
      updatedAt: 100,
      tags: [
        { key: 'a', value: '' },
        { key: 'b', value: '2' },
      ],
    });
    expect(await experiments.getByName('नमस्ते 🏏')).toMatchObject({ id });
    const elsewhere = await experiments.create({
      name: 'elsewhere',
      artifactLocation: 's3://bucket/x',
      tags: [],
      now: 1,
    });
    expect(await experiments.get(elsewhere)).toMatchObject({ artifactLocation: 's3://bucket/x' });
    for (const unknown of ['987', 'abc', '', '-1', '1e3', '99999999999999999999'])
      expect(await experiments.get(unknown)).toBeUndefined();
    expect(await experiments.getByName('none')).toBeUndefined();
  });

  test(`${label}: a name is taken once, also by a deleted experiment and by many at once`, async () => {
    await using opened = await open();
    const { experiments } = opened;
    const id = await make(opened, 'taken');
    await experiments.delete(id, 5);
    await expect(make(opened, 'taken')).rejects.toMatchObject({
      code: 'EXPERIMENT_EXISTS',
      detail: { value: 'taken' },
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => make(opened, 'same')));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  test(`${label}: an experiment that a project needs is created once and found by its name`, async () => {
    await using opened = await open();
    const { experiments } = opened;
    expect(await experiments.getByName('t20')).toBeUndefined();
    const created = await experiments.ensure('t20', 1000);
    expect(created).toEqual({
      id: created.id,
      name: 't20',
      artifactLocation: `mlflow-artifacts:/${created.id}`,
      lifecycle: 'active',
      createdAt: 1000,
      updatedAt: 1000,
      tags: [],
    });
    expect(await experiments.ensure('t20', 2000)).toEqual(created);
    expect(await experiments.getByName('t20')).toEqual(created);
    await experiments.setTag(created.id, { key: 'team', value: 'score' });
    expect(await experiments.ensure('t20', 2000)).toEqual(await experiments.get(created.id));
    expect((await experiments.ensure('नमस्ते 🏏', 3000)).id).not.toBe(created.id);
    expect((await experiments.getByName('नमस्ते 🏏'))?.name).toBe('नमस्ते 🏏');
  });

  test(`${label}: many who create one experiment at once get the same`, async () => {
    await using opened = await open();
    const created = await Promise.all(
      Array.from({ length: 10 }, (_, now) => opened.experiments.ensure('same', now)),
    );
    expect(new Set(created.map(({ id, createdAt }) => `${id} ${createdAt}`)).size).toBe(1);
  });

  test(`${label}: an experiment of the pipeline is one for clients, and the other way round`, async () => {
    await using opened = await open();
    const { experiments } = opened;
    const ours = await experiments.ensure('t20', 7);
    expect(await experiments.get(ours.id)).toMatchObject({
      name: 't20',
      artifactLocation: `mlflow-artifacts:/${ours.id}`,
      createdAt: 7,
    });
    const theirs = await make(opened, 'theirs');
    expect(await experiments.ensure('theirs', 9)).toEqual(await experiments.get(theirs));
  });
}

function lifecycle(label: string, open: OpenStores): void {
  test(`${label}: an experiment is renamed`, async () => {
    await using opened = await open();
    const { experiments } = opened;
    const id = await make(opened, 'before');
    await make(opened, 'other');
    await experiments.rename(id, 'after', 300);
    expect(await experiments.get(id)).toMatchObject({ name: 'after', createdAt: 100, updatedAt: 300 });
    await experiments.rename(id, 'after', 300);
    await expect(experiments.rename(id, 'other', 1)).rejects.toMatchObject({ code: 'EXPERIMENT_EXISTS' });
    await expect(experiments.rename('987', 'x', 1)).rejects.toMatchObject({ code: 'EXPERIMENT_NOT_FOUND' });
    await experiments.delete(id, 400);
    await expect(experiments.rename(id, 'x', 1)).rejects.toMatchObject({
      code: 'NOT_ACTIVE',
      detail: { field: 'experiment', value: id },
    });
  });

  test(`${label}: runs are deleted and restored with their experiment, but for those deleted before`, async () => {
    await using opened = await open();
    const { experiments, runs } = opened;
    const id = await make(opened, 'whole');
    const [kept, gone] = [
      await startRun(opened, { experimentId: id }),
      await startRun(opened, { experimentId: id }),
    ];
    const elsewhere = await startRun(opened);
    await runs.delete(gone, 5);
    await experiments.delete(id, 6);
    expect(await experiments.get(id)).toMatchObject({ lifecycle: 'deleted', updatedAt: 6 });
    const lifecycles = async () =>
      Promise.all([kept, gone, elsewhere].map(async (run) => (await readRun(opened, run)).info.lifecycle));
    expect(await lifecycles()).toEqual(['deleted', 'deleted', 'active']);
    await expect(runs.restore(gone)).rejects.toMatchObject({ code: 'NOT_ACTIVE' });
    await experiments.restore(id, 7);
    expect(await lifecycles()).toEqual(['active', 'deleted', 'active']);
  });

  test(`${label}: a project that writes to a deleted experiment has it back with its runs`, async () => {
    await using opened = await open();
    const { experiments, runs } = opened;
    const { id } = await experiments.ensure('houses', 1);
    const [kept, gone] = [
      await startRun(opened, { experimentId: id }),
      await startRun(opened, { experimentId: id }),
    ];
    await runs.delete(gone, 2);
    await experiments.delete(id, 3);
    expect(await experiments.ensure('houses', 4)).toMatchObject({ id });
    expect(await experiments.get(id)).toMatchObject({ lifecycle: 'active', updatedAt: 4 });
    expect((await readRun(opened, kept)).info.lifecycle).toBe('active');
    expect((await readRun(opened, gone)).info.lifecycle).toBe('deleted');
  });

  test(`${label}: what is deleted is not deleted again, what is active not restored`, async () => {
    await using opened = await open();
    const { experiments } = opened;
    const notFound = { code: 'EXPERIMENT_NOT_FOUND' };
    await expect(experiments.restore('0', 1)).rejects.toMatchObject(notFound);
    await experiments.delete('0', 2);
    await expect(experiments.delete('0', 3)).rejects.toMatchObject(notFound);
    await experiments.restore('0', 4);
    await expect(experiments.delete('987', 5)).rejects.toMatchObject(notFound);
    await expect(experiments.restore('abc', 6)).rejects.toMatchObject(notFound);
  });
}

function tags(label: string, open: OpenStores): void {
  test(`${label}: tags are set, replaced and deleted`, async () => {
    await using opened = await open();
    const { experiments } = opened;
    await experiments.setTag('0', { key: 'k', value: 'one' });
    await experiments.setTag('0', { key: 'k', value: '' });
    expect((await experiments.get('0'))?.tags).toEqual([{ key: 'k', value: '' }]);
    await experiments.deleteTag('0', 'k');
    expect((await experiments.get('0'))?.tags).toEqual([]);
    await expect(experiments.deleteTag('0', 'k')).rejects.toMatchObject({ code: 'TAG_NOT_FOUND' });
    await expect(experiments.setTag('987', { key: 'k', value: 'v' })).rejects.toMatchObject({
      code: 'EXPERIMENT_NOT_FOUND',
    });
    await experiments.delete('0', 1);
    await expect(experiments.setTag('0', { key: 'k', value: 'v' })).rejects.toMatchObject({
      code: 'NOT_ACTIVE',
    });
    await expect(experiments.deleteTag('0', 'k')).rejects.toMatchObject({ code: 'NOT_ACTIVE' });
  });
}

function searches(label: string, open: OpenStores): void {
  test.each<[filter: string, names: readonly string[]]>([
    ['', ['Apple', 'apple pie', 'a_b']],
    ["name = 'Apple'", ['Apple']],
    ["name != 'Apple'", ['apple pie', 'a_b']],
    ["name LIKE 'app%'", ['apple pie']],
    ["name ILIKE 'APP%'", ['Apple', 'apple pie']],
    ["name LIKE 'a\\_b'", []],
    ["name LIKE 'a_b'", ['a_b']],
    ['creation_time > 100', ['apple pie', 'a_b']],
    ['creation_time <= 101 AND last_update_time >= 101', ['apple pie']],
    ["tags.colour = 'green'", ['Apple']],
    ["tags.colour != 'green'", ['apple pie']],
    ['tags.colour IS NULL', ['a_b']],
    ['tags.colour IS NOT NULL', ['Apple', 'apple pie']],
    ["tags.colour LIKE 'g%' AND name LIKE '%e'", ['Apple']],
    ["name = 'x'' OR 1=1 --'", []],
  ])(`${label}: experiments with %s`, async (filter, names) => {
    await using opened = await open();
    await threeExperiments(opened);
    const all = parseFilter(filter, experimentSearch);
    const found = await opened.experiments.search({ ...query, filter: { kind: 'all', of: all } });
    expect(found.items.map(({ name }) => name).filter((name) => name !== 'Default')).toEqual(
      [...names].toReversed(),
    );
  });

  test(`${label}: experiments in an order, page by page`, async () => {
    await using opened = await open();
    await threeExperiments(opened);
    const names = async (order: readonly string[], part: Partial<ExperimentQuery> = {}) => {
      const ordered = { ...query, order: parseOrders(order, experimentSearch), ...part };
      const { items, next } = await opened.experiments.search(ordered);
      return [...items.map(({ name }) => name), next];
    };
    expect(await names(['name'])).toEqual(['Apple', 'Default', 'a_b', 'apple pie', undefined]);
    expect(await names(['creation_time ASC'], { limit: 2 })).toEqual(['Apple', 'apple pie', 2]);
    expect(await names(['creation_time ASC'], { limit: 2, offset: 2 })).toEqual([
      'a_b',
      'Default',
      undefined,
    ]);
    expect(await names(['experiment_id DESC'], { limit: 1 })).toEqual(['a_b', 1]);
    expect(await names([], { offset: 9 })).toEqual([undefined]);
  });

  test(`${label}: a page of experiments ends at its bytes, and has one at least`, async () => {
    await using opened = await open();
    const long = 'é'.repeat(pageBytes / 8 + 1);
    for (let index = 0; index < 5; index++) await make(opened, `long ${index}`, { long });
    await make(opened, 'longest', { a: long, b: long, c: long, d: long });
    const lengths: number[] = [];
    const names = new Set<string>();
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const page = await opened.experiments.search({
        view: 'active',
        offset,
        limit: 100,
        order: [{ entity: 'attribute', key: 'name', ascending: false }],
      });
      lengths.push(page.items.length);
      for (const { name } of page.items) names.add(name);
      offset = page.next;
    }
    expect(lengths).toEqual([1, 3, 3]);
    expect(names.size).toBe(7);
  });

  test(`${label}: experiments by their lifecycle`, async () => {
    await using opened = await open();
    await opened.experiments.delete(await make(opened, 'gone'), 5);
    const names = async (view: ExperimentQuery['view']) =>
      (await opened.experiments.search({ ...query, view })).items.map(({ name }) => name).toSorted();
    expect(await names('active')).toEqual(['Default']);
    expect(await names('deleted')).toEqual(['gone']);
    expect(await names('all')).toEqual(['Default', 'gone']);
  });
}

function datasets(label: string, open: OpenStores): void {
  test(`${label}: the datasets that active runs of experiments read are told once for each context`, async () => {
    await using opened = await open();
    const { experiments, runs } = opened;
    const other = await make(opened, 'other');
    const input = (name: string, context?: string) => ({
      dataset: { name, digest: `${name}-1`, sourceType: 'local', source: '{}' },
      tags: context ? [{ key: 'mlflow.data.context', value: context }] : [],
    });
    const [first, second, gone] = [await startRun(opened), await startRun(opened), await startRun(opened)];
    await runs.link(first, { datasets: [input('rows', 'training'), input('plain')] });
    await runs.link(second, { datasets: [input('rows', 'training')] });
    await runs.link(gone, { datasets: [input('lost')] });
    await runs.delete(gone, 1);
    await runs.link(await startRun(opened, { experimentId: other }), { datasets: [input('rows', 'test')] });
    const rows = (experimentId: string, name: string, context: string | undefined) => ({
      experimentId,
      name,
      digest: `${name}-1`,
      context,
    });
    expect(await experiments.datasets(['0'], 10)).toEqual([
      rows('0', 'plain', undefined),
      rows('0', 'rows', 'training'),
    ]);
    expect(await experiments.datasets(['0', other, 'abc'], 10)).toHaveLength(3);
    expect(await experiments.datasets(['0', other], 1)).toHaveLength(1);
    expect(await experiments.datasets([], 10)).toEqual([]);
  });
}

const query: ExperimentQuery = { view: 'active', offset: 0, limit: 100 };

function make(
  { experiments }: OpenRunStores,
  name: string,
  given: Readonly<Record<string, string>> = {},
): Promise<string> {
  const list = Object.entries(given).map(([key, value]) => ({ key, value }));
  return experiments.create({ name, tags: list, now: 100 });
}

async function threeExperiments({ experiments }: OpenRunStores): Promise<void> {
  const colour = (value: string) => [{ key: 'colour', value }];
  await experiments.create({ name: 'Apple', tags: colour('green'), now: 100 });
  await experiments.create({ name: 'apple pie', tags: colour('brown'), now: 101 });
  await experiments.create({ name: 'a_b', tags: [], now: 102 });
}
