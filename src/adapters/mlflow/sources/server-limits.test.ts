import { expect, test } from 'vitest';
import type { FileOwner, SourceRun } from '../../../exchange/import/source.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { allOf, type FakeResponse, openServerSource as open, type Routes } from './fake-server.fixture.ts';

const api = '/api/2.0/mlflow';
const id = 'a'.repeat(32);
const info = { run_id: id, experiment_id: '1', run_name: 'n' };
const owner: FileOwner = { kind: 'run', id, experimentId: '1', uri: 's3://b/a' };

const endless = { code: 'PEER_FAILED', isEndless: true };

/** A list whose pages all have the same token. */
const repeating =
  (list: string, item: JsonObject = {}) =>
  (): FakeResponse => ({ [list]: [item], next_page_token: 'again' });

test.each([
  ['experiments', { [`POST ${api}/experiments/search`]: repeating('experiments') }],
  ['runs', { [`POST ${api}/runs/search`]: repeating('runs', { info }) }],
  ['logged models', { [`POST ${api}/logged-models/search`]: repeating('models') }],
  ['registered models', { [`GET ${api}/registered-models/search`]: repeating('registered_models') }],
  ['versions', { [`GET ${api}/model-versions/search`]: repeating('model_versions') }],
  ['points', { [`GET ${api}/metrics/get-history`]: repeating('metrics') }],
  ['artifacts', { [`GET ${api}/artifacts/list`]: repeating('files', { path: 'a' }) }],
] as const)('a server that repeats a page token of %s is an error', async (what, routes: Routes) => {
  await using opened = await open(routes);
  const { source } = opened;
  const point = { key: 'm', value: 1, step: 0, timestamp: 0 };
  const reads: Readonly<Record<typeof what, () => Promise<unknown>>> = {
    experiments: () => allOf(source.experiments()),
    runs: () => allOf(source.runs('1')),
    'logged models': () => allOf(source.loggedModels('1')),
    'registered models': () => allOf(source.models()),
    versions: () => allOf(source.versions('m')),
    points: () => allOf(source.points({ info: { id }, metrics: [point] } as unknown as SourceRun)),
    artifacts: () => source.files(owner),
  };
  const detail = { field: expect.stringContaining('page token') as string, value: 'again' };
  await expect(reads[what]()).rejects.toMatchObject({ ...endless, detail });
  expect(opened.asked.length).toBeLessThan(6);
});

test.each([
  ['deeper and deeper', (path: string) => `${path}/d`],
  ['deeper and deeper in large steps', (path: string) => `${path}/d/d/d`],
])('folders that nest %s are an error', async (_case, next) => {
  await using opened = await open({
    [`GET ${api}/artifacts/list`]: ({ path = 'd' }) => ({
      files: [{ path: next(JSON.stringify(path).replaceAll('"', '')), is_dir: true }],
    }),
  });
  const found = await opened.source.files({ ...owner, uri: 's3://b/a' });
  const listing = found.kind === 'available' ? allOf(found.files) : Promise.resolve([]);
  await expect(listing).rejects.toMatchObject({
    ...endless,
    detail: {
      field: `folder of the artifacts of run ${id}`,
      value: expect.stringContaining('d/d/d') as string,
    },
  });
});

test.each([
  ['itself', 'd'],
  ['its parent', ''],
  ['another folder', 'e'],
])('a folder that lists %s is reported and not followed', async (_case, entry) => {
  await using opened = await open({
    [`GET ${api}/artifacts/list`]: ({ path }) => ({
      files:
        path === undefined ? [{ path: 'd', is_dir: true }] : [{ path: entry, is_dir: true }, { path: 'd/a' }],
    }),
  });
  const found = await opened.source.files(owner);
  expect(found.kind === 'available' ? await allOf(found.files) : []).toMatchObject([
    { path: entry, reason: "the server lists it in the folder 'd', where it is not" },
    { path: 'd/a' },
  ]);
});

test('a folder is listed once, however often its parent names it', async () => {
  await using opened = await open({
    [`GET ${api}/artifacts/list`]: ({ path }) => ({
      files:
        path === undefined
          ? [1, 2, 3].map((size) => ({ path: size < 3 ? 'd' : 'd/', is_dir: true }))
          : [{ path: 'd/a:b.txt' }],
    }),
  });
  const found = await opened.source.files(owner);
  expect(found.kind === 'available' ? await allOf(found.files) : []).toMatchObject([{ path: 'd/a:b.txt' }]);
});

test('a page of runs that is too large is read with fewer runs', async () => {
  const sizes: unknown[] = [];
  const params = [{ key: 'long', value: 'x'.repeat(2000) }];
  await using opened = await open(
    {
      [`POST ${api}/runs/search`]: ({ max_results }) => {
        sizes.push(max_results);
        const runs = Array.from({ length: Number(max_results) }, (_, at) => ({
          info: { ...info, run_id: String(at).padStart(32, '0') },
          data: { params },
        }));
        return { runs };
      },
    },
    { longestResponse: 60_000 },
  );
  expect(await allOf(opened.source.runs('1'))).toHaveLength(13);
  expect(sizes).toEqual([200, 50, 13]);
});

test('integers beyond 2^53 are not rounded', async () => {
  const long = '{"experiments":[{"experiment_id":9007199254740993,"name":"n","creation_time":1}]}';
  await using opened = await open({ [`POST ${api}/experiments/search`]: () => long });
  expect(await allOf(opened.source.experiments())).toMatchObject([{ id: '9007199254740993' }]);
});

test.each([
  [300, [300_000, 300_000]],
  [301, []],
  [999_999_999, []],
])('a server that asks to wait %d s is waited for at most five minutes', async (retryAfter, waits) => {
  await using opened = await open({
    [`POST ${api}/experiments/search`]: () => ({ status: 503, code: 'TEMPORARILY_UNAVAILABLE', retryAfter }),
  });
  await expect(allOf(opened.source.experiments())).rejects.toMatchObject({ httpStatus: 503 });
  expect(opened.waits).toEqual(waits);
});
