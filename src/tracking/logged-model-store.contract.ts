import { expect, test } from 'vitest';
import type { ModelPoint, NewLoggedModel } from './logged-model.ts';
import type { LoggedModelQuery, LoggedModelStore } from './logged-model-store.ts';
import { pageBytes } from './run-limits.ts';
import type { Clause } from './search/ast.ts';

/** A store with two empty experiments, and gone when disposed of. */
export interface OpenLoggedModelStore extends AsyncDisposable {
  readonly store: LoggedModelStore;
  /** Ids of the experiments. */
  readonly experiments: readonly [string, string];
  readonly deletedExperiment: string;
  /** A run that logs metrics for a model. */
  readonly run: string;
  readonly log: (modelId: string, points: readonly ModelPoint[]) => Promise<void>;
}

type Open = () => Promise<OpenLoggedModelStore>;

/** What every store of logged models must do; each adapter's test is one call of this. */
export function loggedModelStoreContract(label: string, open: Open): void {
  life(label, open);
  entries(label, open);
  filters(label, open);
  orders(label, open);
}

const id = (number: number): string => `m-${String(number).padStart(32, '0')}`;

function newModel(
  opened: OpenLoggedModelStore,
  number: number,
  more: Partial<NewLoggedModel> = {},
): NewLoggedModel {
  return {
    id: id(number),
    experimentId: opened.experiments[0],
    name: `model ${number}`,
    modelType: '',
    sourceRunId: '',
    params: [],
    tags: [],
    now: 1000 + number,
    ...more,
  };
}

type Point = (key: string, value: number, more?: Partial<ModelPoint>) => ModelPoint;

function pointsOf({ run }: OpenLoggedModelStore): Point {
  return (key, value, more = {}) => ({
    key,
    value,
    step: 0,
    timestamp: 1,
    runId: run,
    datasetName: undefined,
    datasetDigest: undefined,
    ...more,
  });
}

async function found(
  opened: OpenLoggedModelStore,
  query: Partial<LoggedModelQuery>,
): Promise<readonly string[]> {
  const { items } = await opened.store.search({
    experimentIds: opened.experiments,
    clauses: [],
    datasets: [],
    order: [],
    offset: 0,
    limit: 100,
    ...query,
  });
  return items.map(({ name }) => name.replace('model ', ''));
}

function life(label: string, open: Open): void {
  test(`${label}: a logged model is found as it was created, and comes to its end`, async () => {
    await using opened = await open();
    const { store, experiments } = opened;
    const created = await store.create(
      newModel(opened, 1, {
        name: 'बल्लेबाज़',
        modelType: 'Agent',
        sourceRunId: opened.run,
        params: [
          { key: 'b', value: '2' },
          { key: 'a', value: '' },
        ],
        tags: [{ key: 't', value: '1' }],
      }),
    );
    expect(created).toEqual({
      id: id(1),
      experimentId: experiments[0],
      name: 'बल्लेबाज़',
      artifactUri: `mlflow-artifacts:/${experiments[0]}/models/${id(1)}/artifacts`,
      createdAt: 1001,
      updatedAt: 1001,
      status: 'PENDING',
      modelType: 'Agent',
      sourceRunId: opened.run,
      params: [
        { key: 'a', value: '' },
        { key: 'b', value: '2' },
      ],
      tags: [{ key: 't', value: '1' }],
      metrics: [],
    });
    expect(await store.get(id(1))).toEqual(created);
    const ready = { ...created, status: 'READY', updatedAt: 2000 };
    expect(await store.finalize(id(1), 'READY', 2000)).toEqual(ready);
    expect(await store.get(id(1))).toEqual(ready);
  });

  test(`${label}: a deleted model is not found, but by who asks for deleted ones`, async () => {
    await using opened = await open();
    const { store } = opened;
    await store.create(newModel(opened, 1));
    await store.delete(id(1), 3000);
    expect(await store.get(id(1))).toBeUndefined();
    expect(await store.get(id(1), { deleted: true })).toMatchObject({ id: id(1), updatedAt: 3000 });
    expect(await found(opened, {})).toEqual([]);
    const missing = { code: 'LOGGED_MODEL_NOT_FOUND', detail: { value: id(1) } };
    await expect(store.delete(id(1), 1)).rejects.toMatchObject(missing);
    await expect(store.finalize(id(1), 'READY', 1)).rejects.toMatchObject(missing);
    await expect(store.setTags(id(1), [{ key: 'a', value: 'b' }])).rejects.toMatchObject(missing);
    await expect(store.changeTag(id(1), 'a', () => 'b')).rejects.toMatchObject(missing);
    await expect(store.deleteTag(id(1), 'a')).rejects.toMatchObject(missing);
    await expect(store.logParams(id(1), [])).rejects.toMatchObject(missing);
    expect(await store.get('m-none')).toBeUndefined();
  });

  test(`${label}: a model needs an active experiment and an id of its own`, async () => {
    await using opened = await open();
    const { store, deletedExperiment } = opened;
    for (const experimentId of ['99999', 'abc', ''])
      await expect(store.create(newModel(opened, 1, { experimentId }))).rejects.toMatchObject({
        code: 'EXPERIMENT_NOT_FOUND',
        detail: { value: experimentId },
      });
    await expect(
      store.create(newModel(opened, 1, { experimentId: deletedExperiment })),
    ).rejects.toMatchObject({
      code: 'NOT_ACTIVE',
    });
    await store.create(newModel(opened, 1));
    await expect(store.create(newModel(opened, 1))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    expect(await found(opened, {})).toEqual(['1']);
  });
}

function entries(label: string, open: Open): void {
  test(`${label}: no change of a tag is lost when several come at one time`, async () => {
    await using opened = await open();
    const { store } = opened;
    await store.create(newModel(opened, 1));
    const add = (text: string) => store.changeTag(id(1), 'list', (value = '') => value + text);
    await Promise.all(['a', 'b', 'c', 'd'].map(add));
    const [tag] = (await store.get(id(1)))?.tags ?? [];
    expect(tag?.value.split('').toSorted()).toEqual(['a', 'b', 'c', 'd']);
  });

  test(`${label}: tags are replaced and deleted, params written once`, async () => {
    await using opened = await open();
    const { store } = opened;
    await store.create(newModel(opened, 1, { params: [{ key: 'depth', value: '6' }] }));
    await store.setTags(id(1), [
      { key: 'a', value: '1' },
      { key: 'b', value: '' },
      { key: 'a', value: '2' },
    ]);
    await store.setTags(id(1), [{ key: 'b', value: "it's; drop table --" }]);
    expect((await store.get(id(1)))?.tags).toEqual([
      { key: 'a', value: '2' },
      { key: 'b', value: "it's; drop table --" },
    ]);
    await store.deleteTag(id(1), 'a');
    await expect(store.deleteTag(id(1), 'a')).rejects.toMatchObject({ code: 'TAG_NOT_FOUND' });
    await store.logParams(id(1), [
      { key: 'depth', value: '6' },
      { key: 'trees', value: '300' },
    ]);
    await expect(
      store.logParams(id(1), [
        { key: 'new', value: '1' },
        { key: 'depth', value: '7' },
      ]),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID', detail: { field: 'param depth', value: '7' } });
    expect((await store.get(id(1)))?.params).toEqual([
      { key: 'depth', value: '6' },
      { key: 'trees', value: '300' },
    ]);
  });

  test(`${label}: two thousand params and tags are kept`, async () => {
    await using opened = await open();
    const { store } = opened;
    const many = Array.from({ length: 2000 }, (_value, index) => ({
      key: String(index).padStart(4, '0'),
      value: `${index}`,
    }));
    await store.create(newModel(opened, 1, { params: many, tags: many }));
    const model = await store.get(id(1));
    expect(model?.params).toEqual(many);
    expect(model?.tags).toEqual(many);
  });

  test(`${label}: metrics that were logged for a model come with it, with run and dataset`, async () => {
    await using opened = await open();
    const { store } = opened;
    const point = pointsOf(opened);
    await store.create(newModel(opened, 1));
    await store.create(newModel(opened, 2));
    const points = [
      point('mae', 14, { timestamp: 5 }),
      point('mae', 12, { timestamp: 6, step: 1, datasetName: 'test', datasetDigest: 'd1' }),
      point('r2', Number.NaN),
    ];
    await opened.log(id(1), points);
    expect((await store.get(id(1)))?.metrics).toEqual(points);
    expect((await store.get(id(2)))?.metrics).toEqual([]);
  });
}

function filters(label: string, open: Open): void {
  const attribute = (key: string, comparator: '=' | '!=' | 'LIKE' | 'ILIKE', value: string): Clause => ({
    kind: 'text',
    entity: 'attribute',
    key,
    comparator,
    value,
  });
  const metric = (key: string, comparator: '>' | '<=' | '!=', value: number): Clause => ({
    kind: 'number',
    entity: 'metric',
    key,
    comparator,
    value,
  });

  test(`${label}: a search by attributes, params and tags`, async () => {
    await using opened = await open();
    const { store } = opened;
    await store.create(newModel(opened, 1, { modelType: 'Agent', tags: [{ key: 't', value: 'x' }] }));
    await store.create(
      newModel(opened, 2, { sourceRunId: opened.run, params: [{ key: 'p', value: 'X%y' }] }),
    );
    await store.create(newModel(opened, 3, { tags: [{ key: 't', value: 'y' }] }));
    await store.create(newModel(opened, 4, { experimentId: opened.experiments[1] }));
    await store.finalize(id(3), 'READY', 5000);
    const search = (...clauses: readonly Clause[]): Promise<readonly string[]> => found(opened, { clauses });
    expect(await search()).toEqual(['4', '3', '2', '1']);
    expect(await found(opened, { experimentIds: [opened.experiments[1], 'abc', '99999'] })).toEqual(['4']);
    expect(await found(opened, { experimentIds: [] })).toEqual([]);
    expect(await search(attribute('name', '=', 'model 2'))).toEqual(['2']);
    expect(await search(attribute('name', 'LIKE', 'MODEL%'))).toEqual([]);
    expect(await search(attribute('name', 'ILIKE', 'MODEL _'))).toEqual(['4', '3', '2', '1']);
    expect(await search(attribute('model_id', '=', id(1)))).toEqual(['1']);
    expect(await search(attribute('model_type', '=', 'Agent'))).toEqual(['1']);
    expect(await search(attribute('model_type', '!=', 'Agent'))).toEqual(['4', '3', '2']);
    expect(await search(attribute('source_run_id', '=', opened.run))).toEqual(['2']);
    expect(await search(attribute('status', '=', 'READY'))).toEqual(['3']);
    const lists = ['IN', 'NOT IN'] as const;
    const values = ['model 1', 'model 3', "x') or ('1'='1"];
    const [inside, outside] = await Promise.all(
      lists.map((comparator) =>
        search({ kind: 'list', entity: 'attribute', key: 'name', comparator, values }),
      ),
    );
    expect([inside, outside]).toEqual([
      ['3', '1'],
      ['4', '2'],
    ]);
    const times = { kind: 'number', entity: 'attribute', comparator: '>' } as const;
    expect(await search({ ...times, key: 'creation_timestamp', value: 1002 })).toEqual(['4', '3']);
    expect(await search({ ...times, key: 'last_updated_timestamp', value: 4999 })).toEqual(['3']);
    const tag = { kind: 'text', entity: 'tag', key: 't' } as const;
    expect(await search({ ...tag, comparator: '=', value: 'x' })).toEqual(['1']);
    expect(await search({ ...tag, comparator: '!=', value: 'x' })).toEqual(['3']);
    const inX = { kind: 'list', comparator: 'IN', values: ['x', 'X%y'] } as const;
    expect(await search({ ...inX, entity: 'tag', key: 't' })).toEqual(['1']);
    expect(await search({ ...inX, entity: 'param', key: 'p' })).toEqual(['2']);
    expect(await search({ ...inX, entity: 'tag', key: 't', comparator: 'NOT IN' })).toEqual(['3']);
    expect(await search({ kind: 'presence', entity: 'tag', key: 't', comparator: 'IS NULL' })).toEqual([
      '4',
      '2',
    ]);
    expect(await search({ kind: 'presence', entity: 'param', key: 'p', comparator: 'IS NOT NULL' })).toEqual([
      '2',
    ]);
    expect(
      await search({ kind: 'text', entity: 'param', key: 'p', comparator: 'LIKE', value: 'X\\%%' }),
    ).toEqual([]);
    expect(
      await search({ kind: 'text', entity: 'param', key: 'p', comparator: 'LIKE', value: 'X%' }),
    ).toEqual(['2']);
    expect(
      await search(attribute('name', 'LIKE', 'model%'), { ...tag, comparator: '=', value: 'y' }),
    ).toEqual(['3']);
    for (const key of ['x', 'constructor', 'id; drop table logged_models'])
      await expect(search(attribute(key, '=', 'y'))).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  test(`${label}: a search by metrics, on some datasets or on all`, async () => {
    await using opened = await open();
    const { store } = opened;
    const point = pointsOf(opened);
    for (const number of [1, 2, 3, 4]) await store.create(newModel(opened, number));
    const on = (datasetName: string, datasetDigest: string): Partial<ModelPoint> => ({
      datasetName,
      datasetDigest,
    });
    await opened.log(id(1), [point('mae', 10, on('test', 'd1')), point('mae', 20, on('test', 'd2'))]);
    await opened.log(id(2), [point('mae', 30, on('train', 'd1')), point('mae', 31, { timestamp: 2 })]);
    await opened.log(id(3), [point('mae', Number.NaN, on('test', 'd1'))]);
    const search = (clauses: readonly Clause[], ...datasets: readonly string[]): Promise<readonly string[]> =>
      found(opened, {
        clauses,
        datasets: datasets.map((text) => ({ name: text.split(':')[0] ?? '', digest: text.split(':')[1] })),
      });
    expect(await search([metric('mae', '>', 5)])).toEqual(['2', '1']);
    expect(await search([metric('mae', '<=', 10)])).toEqual(['1']);
    expect(await search([metric('mae', '!=', 10)])).toEqual(['2', '1']);
    expect(await search([metric('mae', '>', 15)], 'test:d1')).toEqual([]);
    expect(await search([metric('mae', '>', 15)], 'test')).toEqual(['1']);
    expect(await search([metric('mae', '>', 5)], 'test:d1', 'train')).toEqual(['2', '1']);
    expect(await search([], 'test:d1')).toEqual(['3', '1']);
    expect(await search([], 'none')).toEqual([]);
    expect(await search([metric('mae', '>', 5), metric('r2', '>', 0)])).toEqual([]);
  });
}

function orders(label: string, open: Open): void {
  test(`${label}: models come in the order that is asked for, what is missing last, page by page`, async () => {
    await using opened = await open();
    const { store } = opened;
    const point = pointsOf(opened);
    for (const number of [1, 2, 3, 4, 5])
      await store.create(newModel(opened, number, { name: `model ${number}`, now: number < 3 ? 1 : number }));
    await opened.log(id(1), [point('mae', 5), point('mae', 9, { timestamp: 2 })]);
    await opened.log(id(2), [point('mae', 7, { datasetName: 'test', datasetDigest: 'd1' })]);
    await opened.log(id(3), [point('mae', Number.NaN)]);
    await opened.log(id(5), [point('mae', 8, { step: 4 }), point('mae', 3, { step: 3 })]);
    const by = (order: LoggedModelQuery['order']): Promise<readonly string[]> => found(opened, { order });
    expect(await by([])).toEqual(['5', '4', '3', '1', '2']);
    expect(await by([{ metric: 'mae', dataset: undefined, ascending: true }])).toEqual([
      '2',
      '5',
      '1',
      '3',
      '4',
    ]);
    expect(await by([{ metric: 'mae', dataset: undefined, ascending: false }])).toEqual([
      '1',
      '5',
      '2',
      '3',
      '4',
    ]);
    const test = { name: 'test', digest: undefined };
    expect(await by([{ metric: 'mae', dataset: test, ascending: true }])).toEqual(['2', '5', '4', '3', '1']);
    expect(await by([{ attribute: 'name', ascending: true }])).toEqual(['1', '2', '3', '4', '5']);
    expect(await by([{ attribute: 'creation_timestamp', ascending: true }])).toEqual([
      '1',
      '2',
      '3',
      '4',
      '5',
    ]);
    const pages: string[] = [];
    for (let offset: number | undefined = 0; offset !== undefined;) {
      const page = await store.search({
        experimentIds: opened.experiments,
        clauses: [],
        datasets: [],
        order: [{ metric: 'mae', dataset: undefined, ascending: true }],
        offset,
        limit: 2,
      });
      pages.push(page.items.map(({ name }) => name).join(' '));
      offset = page.next;
    }
    expect(pages).toEqual(['model 2 model 5', 'model 1 model 3', 'model 4']);
  });

  test(`${label}: a page of logged models ends at its bytes`, async () => {
    await using opened = await open();
    const long = { key: 'long', value: 'é'.repeat(pageBytes / 8 + 1) };
    for (const number of [1, 2, 3, 4, 5])
      await opened.store.create(newModel(opened, number, number % 2 ? { params: [long] } : { tags: [long] }));
    const search = { experimentIds: opened.experiments, clauses: [], datasets: [], order: [], limit: 50 };
    const first = await opened.store.search({ ...search, offset: 0 });
    expect([first.items.length, first.next]).toEqual([3, 3]);
    const second = await opened.store.search({ ...search, offset: 3 });
    expect([second.items.length, second.next]).toEqual([2, undefined]);
  });
}
