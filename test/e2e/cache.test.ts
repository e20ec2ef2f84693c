import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JobView } from '../../src/api/job-views.ts';
import type { ModelView, RunOutcome } from '../../src/api/views.ts';
import { edit, writeHouses } from './houses.ts';
import { modelyard, temporaryFolder } from './product.ts';

async function run(folder: string): Promise<RunOutcome> {
  const { code, out, err } = await modelyard(['run', '--json', '--project', folder]);
  expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
  const { outcome } = JSON.parse(out) as JobView;
  if (!outcome) throw new Error('the run has no outcome');
  return outcome;
}

async function modelOf(folder: string): Promise<ModelView> {
  const [model] = JSON.parse(
    (await modelyard(['models', '--json', '--project', folder])).out,
  ) as readonly ModelView[];
  if (!model) throw new Error('the project has no model');
  return model;
}

const done = ({ tasks }: RunOutcome): readonly string[] =>
  tasks.filter(({ status }) => status === 'done').map(({ task }) => task);
const everything = [
  'listings.fetch',
  'listings',
  'houses',
  'house-price.features',
  'house-price.split',
  'house-price.train',
  'house-price.evaluate',
  'house-price.gate',
];

test('unchanged steps come from the cache', async () => {
  await using folder = await temporaryFolder();
  const modulePath = join(folder.path, 'home.ts');
  await writeHouses(folder.path);

  expect(done(await run(folder.path))).toEqual(everything);

  const unchanged = await run(folder.path);
  expect(unchanged).toMatchObject({ run: null, verdicts: [] });
  expect(done(unchanged)).toEqual([]);

  await edit(modulePath, '// how large a home is', '// the size of a home');
  await edit(modulePath, "return 'nothing calls this';", "return 'nor this';");
  await edit(modulePath, 'export function toFeatures', '\n// what the trees see\nexport function toFeatures');
  await edit(join(folder.path, 'steps.ts'), 'type Row', '/* what a listing is */ type Row');
  expect(await run(folder.path), 'a comment, an unused function, a type').toMatchObject({ run: null });

  await edit(modulePath, 'size / 10', 'Math.sqrt(size)');
  expect(done(await run(folder.path)), 'a helper of features').toEqual([
    'house-price.features',
    'house-price.train',
    'house-price.evaluate',
    'house-price.gate',
  ]);

  await edit(join(folder.path, 'modelyard.config.ts'), 'least: 20', 'least: 60');
  expect(done(await run(folder.path)), 'a param of a step').toEqual(everything.slice(2));

  await edit(join(folder.path, 'houses.csv'), '1,2020-01-01', '1,2019-12-31');
  expect(done(await run(folder.path)), 'the raw file').toEqual(everything);
});

test('a second version is promoted only if it is better, and both verdicts can be read', async () => {
  await using folder = await temporaryFolder();
  const config = join(folder.path, 'modelyard.config.ts');
  await writeHouses(folder.path);
  await run(folder.path);

  await edit(config, 'trees: 20', 'trees: 2');
  expect((await run(folder.path)).verdicts).toMatchObject([
    { version: 2, decision: { kind: 'hold', because: 'not-better' } },
  ]);
  await edit(config, 'trees: 2,', 'trees: 80,');
  expect((await run(folder.path)).verdicts).toMatchObject([
    { version: 3, decision: { kind: 'promote', because: 'better' } },
  ]);

  const { live, versions, history } = await modelOf(folder.path);
  expect(live).toMatchObject({ version: 3, aliases: ['prod'] });
  expect(versions.map(({ verdict }) => verdict?.summary)).toEqual([
    expect.stringMatching(
      /^promoted: MAE is [\d,.]+ ± [\d,.]+ EUR lower than version 1 on the same 120 rows, .+$/,
    ),
    expect.stringMatching(
      /^held: MAE is [\d,.]+ ± [\d,.]+ EUR higher than version 1 on the same 120 rows, .+$/,
    ),
    expect.stringMatching(
      /^promoted: the first version; MAE is .+ lower than always predicting the (median|mean) on 120 test rows, .+$/,
    ),
  ]);
  expect(history).toMatchObject([
    { from: 1, to: 3, by: 'gate' },
    { from: null, to: 1, by: 'gate' },
  ]);
});

test('undoing a change creates no version, but runs the gate again', async () => {
  await using folder = await temporaryFolder();
  const config = join(folder.path, 'modelyard.config.ts');
  await writeHouses(folder.path);
  await run(folder.path);
  await edit(config, 'trees: 20', 'trees: 80');
  await run(folder.path);
  await edit(config, 'trees: 80', 'trees: 20');

  const back = await run(folder.path);
  expect(back.tasks.filter(({ status }) => status === 'hit').length).toBe(everything.length - 1);
  expect(back.verdicts).toMatchObject([
    { version: 1, decision: { kind: 'hold', because: 'not-better' }, facts: { champion: { version: 2 } } },
  ]);
  expect((await modelOf(folder.path)).versions.length).toBe(2);
  expect(await run(folder.path), 'the same question has its answer').toMatchObject({
    run: null,
    verdicts: [],
  });
});

test('a failing step names the file and line, and independent steps still run', async () => {
  await using folder = await temporaryFolder();
  await writeHouses(folder.path);
  await edit(join(folder.path, 'home.ts'), 'size / 10', 'JSON.parse(String(size) + "{")');
  const { code, out } = await modelyard(['run', '--json', '--project', folder.path]);
  const { outcome } = JSON.parse(out) as JobView;
  expect(code).toBe(1);
  expect(outcome?.run).toMatchObject({ status: 'FAILED', failed: { task: 'house-price.features' } });
  const statuses = Object.fromEntries((outcome?.tasks ?? []).map(({ task, status }) => [task, status]));
  expect(statuses).toMatchObject({
    houses: 'done',
    'house-price.features': 'failed',
    'house-price.split': 'skipped',
    'house-price.train': 'skipped',
  });
  expect(outcome?.run?.failed?.error).toMatchObject({
    code: 'USER_CODE_FAILED',
    detail: { field: expect.stringMatching(/^home\.ts:14:\d+$/) },
  });
});

test('a split with one group on both sides is refused', async () => {
  await using folder = await temporaryFolder();
  const config = join(folder.path, 'modelyard.config.ts');
  await writeHouses(folder.path);
  await edit(config, "group: 'id', test: 0.2", "group: 'garden', test: { from: '2021-01-01' }");
  const { code, out } = await modelyard(['run', '--json', '--project', folder.path]);
  expect(code).toBe(1);
  const failed = (JSON.parse(out) as JobView).outcome?.run?.failed;
  expect(failed).toMatchObject({
    task: 'house-price.split',
    error: { code: 'SPLIT_REFUSED', message: expect.stringContaining('garden') },
  });
  expect(failed?.error.message).toMatch(
    /^unsafe split: Its rows would both train and test, which flatters the model\. Start the test between two groups, give test as a share, or choose another group column \(group garden: \w+\)$/,
  );
});
