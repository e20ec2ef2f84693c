import type { NewBatchView } from '../api/batch-views.ts';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import { defineProject } from '../project/define.ts';
import { forecast } from '../project/models/forecast.ts';
import { rollingOrigin, theta } from '../project/models/forecaster.ts';
import { lower } from '../project/models/promotion.ts';
import { source } from '../project/tables/source.ts';
import { csv } from '../sources/csv/csv.ts';
import { table } from '../project/tables/table.ts';
import { House, housesProject } from '../lifecycle/houses.fixture.ts';
import { openApp } from './app.ts';
import { coming, create, finish, openTrained, outputOf, piecesOf } from './batches.fixture.ts';
import { openHousesApp } from './houses-app.fixture.ts';

test('a file is stored with its columns matched and its first rows predicted, and nothing starts', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, coming);
  expect(batch).toMatchObject({
    endpoint: 'house-price',
    version: 1,
    file: 'coming.csv',
    size: coming.length,
    status: 'ready',
    rows: { total: null, done: 0, refused: 0 },
    matched: [
      { field: 'size', column: 'size' },
      { field: 'garden', column: 'garden' },
    ],
    ignored: ['street'],
    absent: [],
    preview: {
      columns: ['street', 'size', 'garden', 'prediction', 'low', 'high', 'version', 'error'],
      inputColumns: 3,
      refused: 2,
    },
  });
  const [first] = batch.preview.rows;
  const one = await opened.app.predict({ endpoint: 'house-price', request: { size: 80, garden: true } });
  expect(first?.slice(0, 4)).toEqual(['Mill Lane, 1', '80', 'yes', String(one.prediction)]);
  expect(await opened.app.listBatches({ endpoint: 'house-price', limit: 9 })).toMatchObject([
    { id: batch.id },
  ]);
  await expect(opened.app.downloadBatch({ batch: batch.id })).rejects.toThrow('Start the batch first');
});

test('the output has every row in order, with a prediction or a reason', async () => {
  await using opened = await openTrained();
  const ended = await finish(opened, await create(opened, coming));
  expect(ended).toMatchObject({
    status: 'finished',
    rows: { total: 4, done: 4, refused: 2 },
    endedAt: expect.any(Number),
  });
  const { app } = opened;
  const of = async (size: number): Promise<string> => {
    const { prediction, ...rest } = await app.predict({
      endpoint: 'house-price',
      request: { size, garden: true },
    });
    const { low = 0, high = 0 } = 'interval' in rest ? (rest.interval ?? {}) : {};
    return `${prediction},${low},${high},1,`;
  };
  const output = await app.downloadBatch({ batch: ended.id });
  expect(output.name).toBe('coming-house-price-v1.csv');
  expect(await text(output.content)).toBe(
    [
      'street,size,garden,prediction,low,high,version,error',
      `"Mill Lane, 1",80,yes,${await of(80)}`,
      'High Street,-5,no,,,,1,"size must be a number of at least 0 m², such as 80 (got -5)"',
      `Short,,,,,,1,"The header has 3 fields, this line 1."`,
      `'=cmd|A1,120,true,${await of(120)}`,
      '',
    ].join('\n'),
  );
});

test('a line with empty fields beyond the header is predicted, as csv() reads it', async () => {
  await using opened = await openTrained();
  const { preview } = await create(opened, 'street,size,garden\nMill Lane,80,yes,,\nShort,80,yes,,x\n');
  const errors = preview.rows.map((cells) => cells.at(-1));
  expect(errors).toEqual(['', 'The header has 3 fields, this line 5.']);
});

test('predictions of a file are not in the prediction log', async () => {
  await using opened = await openTrained();
  await finish(opened, await create(opened, coming));
  const ids = await opened.app.findIds({
    kind: 'prediction',
    prefix: Date.now().toString(16).padStart(12, '0').slice(0, 8),
  });
  expect(ids).toEqual([]);
});

test('a file without a required column is refused, and leaves nothing', async () => {
  await using opened = await openTrained();
  await expect(create(opened, 'Size (m²),street\n80,Mill Lane\n')).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining(
      'header of coming.csv must have the columns "size" and "garden" (got ["Size (m²)","street"])',
    ),
  });
  await expect(create(opened, '')).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  await expect(create(opened, gzipSync('size,garden\n80,yes\n').subarray(0, 30))).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining('gzip'),
  });
  expect(await opened.app.listBatches({ endpoint: 'house-price', limit: 9 })).toEqual([]);
});

test('a gzip file is read', async () => {
  await using opened = await openTrained();
  const packed = await create(opened, gzipSync('size,garden\n80,yes\n'), { file: 'coming.csv.gz' });
  const plain = await create(opened, 'size,garden\n80,yes\n');
  expect(packed.preview).toEqual(plain.preview);
  await finish(opened, packed);
  await finish(opened, plain);
  expect(await outputOf(opened, packed)).toBe(await outputOf(opened, plain));
});

test('a file is read as its caller says, and what was assumed is said', async () => {
  await using opened = await openTrained();
  const send = (content: string, asked: object): Promise<NewBatchView> =>
    opened.app.createBatch({ endpoint: 'house-price', content: piecesOf(content), ...asked });
  const plain = await create(opened, 'size,garden\n1234.5,yes\n80,no\n');
  const predictions = ({ preview: { rows } }: NewBatchView): readonly (readonly string[])[] =>
    rows.map((cells) => cells.slice(-5, -2).map((cell) => cell.replace(',', '.')));
  const found = await send('made by us\nsize;garden\n1234,5;yes\n80;no\n', {});
  expect(found.reading).toEqual([
    'assumed: columns are separated by ";"',
    'assumed: the first line is a title',
    'assumed: numbers have a decimal comma',
  ]);
  expect(predictions(found)).toEqual(predictions(plain));
  const asked = await send('a;b\nc\n1.234,5;yes\n% 7\n80;no\n', {
    delimiter: ';',
    decimal: ',',
    header: false,
    skip: 2,
    comment: '%',
  });
  expect(asked.reading).toEqual([]);
  expect(predictions(asked)).toEqual(predictions(plain));
  await expect(send('size,garden\n80,yes\n', { dates: ['built=D/M/Y'] })).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    detail: { field: 'dates', value: 'built=D/M/Y' },
  });
  await expect(send('size,garden\n80,yes\n', { encoding: 'utf-9' })).rejects.toThrow('must be an encoding');
  await expect(send('size,garden\n80,yes\n', { dates: ['soon'] })).rejects.toThrow('sold=D/M/Y');
});

test('every row is predicted by the version that was live when the file was sent', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, 'size,garden\n80,yes\n');
  await opened.host(housesProject({}, 60));
  await opened.run({ project: 'houses' });
  await opened.followed();
  const now = await opened.app.predict({ endpoint: 'house-price', request: { size: 80, garden: true } });
  expect(now.version).toBe(2);
  await finish(opened, batch);
  const [, line] = (await outputOf(opened, batch)).split('\n');
  expect(line).toBe(batch.preview.rows[0]?.join(','));
});

test('a project that is full takes no more bytes, and is not read to the end of a file', async () => {
  await using opened = await openTrained();
  const sentTo = { endpoint: 'house-price', file: 'coming.csv' };
  const deps = { ...opened.deps, batches: { ...opened.batches, limits: { batches: 2, bytes: 5000 } } };
  const app = openApp(deps, { key: 'test', protocol: 'test' });
  let sent = 0;
  async function* endless(): AsyncGenerator<Uint8Array> {
    for (;;) {
      sent += 1000;
      yield Buffer.from('size,garden\n80,yes\n'.padEnd(1000));
    }
  }
  const full = { code: 'LIMIT_REACHED', status: 409 };
  await expect(app.createBatch({ ...sentTo, content: endless() })).rejects.toMatchObject(full);
  expect(sent).toBe(6000);
  const large = new Blob(['size,garden\n', '80,yes\n'.repeat(900)]);
  await expect(app.createBatch({ ...sentTo, content: large })).rejects.toMatchObject(full);
  expect(await opened.batches.files.stored(), 'nothing is left of them').toEqual([]);
  for (const _file of ['first', 'second'])
    await app.createBatch({ ...sentTo, content: piecesOf('size,garden\n80,yes\n') });
  sent = 0;
  await expect(app.createBatch({ ...sentTo, content: endless() })).rejects.toMatchObject({
    ...full,
    message: expect.stringContaining('2 stored files'),
  });
  expect(sent, 'nothing was read').toBe(0);
});

test('without a live version and for an unknown endpoint, a file is refused', async () => {
  await using opened = await openHousesApp(housesProject());
  const none = opened.app.createBatch({
    endpoint: 'house-price',
    content: piecesOf('size,garden\n80,yes\n'),
  });
  await expect(none).rejects.toMatchObject({ code: 'NOT_READY' });
  await expect(
    opened.app.createBatch({ endpoint: 'rent', content: piecesOf('size\n80\n') }),
  ).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
});

test('without a live version because it was held, a prediction and a file say why, and the command', async () => {
  const always = housesProject({ promote: { alias: 'prod', when: lower('mae'), atMost: { mae: 0 } } });
  await using opened = await openHousesApp(always);
  await opened.run({ project: 'houses' });
  const held = {
    code: 'VERSION_HELD',
    message: expect.stringMatching(
      /Version 1 is held: MAE .* is above 0.*To serve it all the same: `modelyard models promote house-price 1`/,
    ),
  };
  const request = { size: 80, garden: true };
  await expect(opened.app.predict({ endpoint: 'house-price', request })).rejects.toMatchObject(held);
  await expect(create(opened, coming)).rejects.toMatchObject(held);
});

test('a row whose features throw has the reason, and those beside it are predicted', async () => {
  const project = housesProject({
    features: ({ size, garden }: { readonly size: number; readonly garden: boolean }) => {
      if (size === 999) throw new Error('no such house');
      return { size: size / 10, garden: Number(garden) };
    },
  } as never);
  await using opened = await openHousesApp(project);
  await opened.run({ project: 'houses' });
  const ended = await finish(opened, await create(opened, 'size,garden\n80,yes\n999,no\n90,no\n'));
  expect(ended.rows).toEqual({ total: 3, done: 3, refused: 1 });
  const lines = (await outputOf(opened, ended)).split('\n');
  expect(lines[2]).toContain('no such house');
  expect([lines[1], lines[3]].map((line) => line?.split(',')[2] !== '')).toEqual([true, true]);
});

test('a forecast takes no file, and the error says what to send', async () => {
  const Row = z.object({ shop: z.string(), month: z.iso.date(), sold: z.number() });
  const history = source('history', {
    kind: 'rows',
    version: 1,
    from: 'houses.csv',
    options: {},
    table: table(Row),
    async *read() {},
  });
  const sales = forecast('sales', {
    rows: history,
    series: 'shop',
    time: 'month',
    value: 'sold',
    horizon: 6,
    candidates: [theta()],
    evaluate: rollingOrigin({ folds: 2 }),
    metrics: ['mae'],
    promote: { alias: 'prod', when: lower('mae') },
  });
  await using opened = await openHousesApp(defineProject('shops', { models: [sales] }));
  await expect(
    opened.app.createBatch({ endpoint: 'sales', content: piecesOf('shop\nYork\n') }),
  ).rejects.toMatchObject({
    code: 'MODEL_UNSUPPORTED',
    message: expect.stringContaining('POST /predict/sales'),
  });
});

test.each<[string, string, readonly string[]]>([
  ['columns in another order', 'garden,street,size\nyes,Mill Lane,80\n', ['yes', 'Mill Lane', '80']],
  ['names in another case', ' SIZE ,Garden\n80,yes\n', ['80', 'yes']],
  ['a semicolon', 'size;garden;note\n80,5;yes;=1+1\n-5;no;-5\n', ['80,5', 'yes', "'=1+1"]],
  ['tabs', 'size\tgarden\tnote\n80\tyes\t@SUM(A1)\n', ['80', 'yes', "'@SUM(A1)"]],
])('a file with %s is predicted, and has its own columns', async (_kind, content, cells) => {
  await using opened = await openTrained();
  const { preview } = await create(opened, content);
  expect(preview.rows[0]?.slice(0, preview.inputColumns)).toEqual(cells);
  expect(preview.rows[0]?.at(-1)).toBe('');
  expect(Number(preview.rows[0]?.[preview.inputColumns]?.replace(',', '.'))).toBeGreaterThan(0);
});

test.each<[string, string, string]>([
  ['no bytes', '', 'Put the names of the columns into its first line'],
  ['a repeated column', 'size,size,garden\n80,90,yes\n', 'must have one column "size" for the field "size"'],
  ['a misspelt column', 'siez,garden\n80,yes\n', 'rename "siez" for "size" if that is meant'],
  ['an image', '\u0089PNG\r\n', 'size'],
])('a file with %s is refused, with what to do', async (_kind, content, message) => {
  await using opened = await openTrained();
  await expect(create(opened, content)).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    message: expect.stringContaining(message),
  });
  expect(await opened.batches.files.stored()).toEqual([]);
});

test('a file with only a header ends with that header', async () => {
  await using opened = await openTrained();
  const batch = await create(opened, 'size,garden\n');
  expect(batch.preview).toMatchObject({ rows: [], refused: 0 });
  const ended = await finish(opened, batch);
  expect(ended).toMatchObject({ status: 'finished', rows: { total: 0, done: 0, refused: 0 } });
  expect(await outputOf(opened, ended)).toBe('size,garden,prediction,low,high,version,error\n');
});

test('a file of which no row can be predicted ends with the reason of each', async () => {
  await using opened = await openTrained();
  const ended = await finish(opened, await create(opened, 'size,garden\nlarge,yes\n,no\n"80"x,yes\n'));
  expect(ended).toMatchObject({ status: 'finished', rows: { total: 3, done: 3, refused: 3 }, warnings: [] });
  const reasons = (await outputOf(opened, ended)).trim().split('\n').slice(1);
  for (const reason of reasons) expect(reason).toMatch(/(must be a number|must be given|quote)/);
});

test('a file without a header is read as the source of the project says', async () => {
  await using opened = await openTrained();
  const lines = '7,2026-01-31,80,yes,1\n8,2026-02-01,-5,no,2\n9,2026-02-02,90,no,3\n';
  await expect(create(opened, lines)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  const project = housesProject();
  const reader = csv({ from: 'houses.csv', row: House, header: false });
  await opened.host({ ...project, sources: project.sources.map((each) => ({ ...each, reader })) });
  const batch = await create(opened, lines);
  expect(batch.matched.map(({ field, column }) => [field, column])).toEqual([
    ['size', 'size'],
    ['garden', 'garden'],
  ]);
  const ended = await finish(opened, batch);
  expect(ended.rows, 'the first line is a row').toEqual({ total: 3, done: 3, refused: 1 });
  const output = (await outputOf(opened, ended)).split('\n').map((line) => line.split(','));
  expect(output[0]?.slice(0, 6)).toEqual(['id', 'sold', 'size', 'garden', 'price', 'prediction']);
  expect(output[1]?.slice(0, 5)).toEqual(['7', '2026-01-31', '80', 'yes', '1']);
});

test('a model that is busy with the first rows is tried again', async () => {
  await using opened = await openTrained();
  const hosted = opened.project();
  const endpoint = hosted.endpoints.get('house-price');
  const served = endpoint?.current();
  if (!endpoint || !served) throw new TypeError('a version is live');
  let tries = 0;
  const busyAtFirst: typeof served.predictor.predict = async (rows) => {
    if (tries++ === 0)
      throw new PlatformError('MODEL_BUSY', { field: 'model', value: 'busy', remedy: 'Try again.' });
    return served.predictor.predict(rows);
  };
  const busy = { ...served, predictor: { ...served.predictor, predict: busyAtFirst } };
  const endpoints = new Map([['house-price', { ...endpoint, current: () => busy }]]);
  const app = openApp(
    { ...opened.deps, projects: () => [{ ...hosted, endpoints }] },
    { key: 'test', protocol: 'test' },
  );
  const content = piecesOf('size,garden\n80,yes\n');
  const { preview } = await app.createBatch({ endpoint: 'house-price', content });
  expect([tries, preview.refused]).toEqual([2, 0]);
});

test('a header that is too long to be stored is refused', async () => {
  await using opened = await openTrained();
  const wide = (columns: number): string => {
    const more = Array.from({ length: columns }, (_, index) => `${'a long name '.repeat(9)}${index}`);
    return `${['size', 'garden', ...more].join(',')}\n80,yes${',1'.repeat(columns)}\n`;
  };
  const batch = await create(opened, wide(4000));
  expect(batch.ignored).toHaveLength(4000);
  await expect(create(opened, wide(10_000))).rejects.toMatchObject({
    code: 'INPUT_INVALID',
    detail: {
      field: 'header of coming.csv',
      value: '10,002 columns, 1,118,900 characters',
      remedy: expect.stringContaining('size, garden'),
    },
  });
});

test('a caller who may not read sees only the files that it sent', async () => {
  await using opened = await openTrained();
  const asha = openApp(opened.deps, { key: 'account 1', protocol: 'native', name: 'asha', sentOnly: true });
  const ben = openApp(opened.deps, { key: 'account 2', protocol: 'native', name: 'asha', sentOnly: true });
  const { id } = await create({ ...opened, app: asha }, coming);
  const { id: other } = await create({ ...opened, app: ben }, coming);
  const listed = { endpoint: 'house-price', limit: 9 };
  expect(await asha.listBatches(listed)).toMatchObject([{ id, by: 'asha' }]);
  expect(await opened.app.listBatches(listed)).toHaveLength(2);
  const unknown = { code: 'BATCH_NOT_FOUND', status: 404 };
  await expect(ben.getBatch({ batch: id })).rejects.toMatchObject(unknown);
  await expect(ben.startBatch({ batch: id })).rejects.toMatchObject(unknown);
  await expect(ben.cancelBatch({ batch: id })).rejects.toMatchObject(unknown);
  await expect(ben.downloadBatch({ batch: id })).rejects.toMatchObject(unknown);
  expect(await asha.getBatch({ batch: id }), 'nobody started or cancelled it').toMatchObject({
    status: 'ready',
  });
  expect(await asha.startBatch({ batch: id })).toMatchObject({ status: 'queued' });
  expect(await opened.app.cancelBatch({ batch: other })).toMatchObject({ status: 'cancelled' });
});
