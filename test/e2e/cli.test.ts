import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openStateLock } from '../../src/adapters/files/state-lock.ts';
import type { RunsFound } from '../../src/api/run-views.ts';
import type { JobView } from '../../src/api/job-views.ts';
import type { ModelView, PredictionView, ProjectView } from '../../src/api/views.ts';
import { edit, writeHouses } from './houses.ts';
import {
  type Dev,
  modelyard,
  startDev,
  startModelyard,
  temporaryFolder,
  type TemporaryFolder,
} from './product.ts';

async function houses(): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  await writeHouses(folder.path, 200);
  return folder;
}

/** Processes whose environment has this text. */
async function naming(text: string): Promise<readonly string[]> {
  const lines = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(text));
}

async function projectOf({ url }: Dev): Promise<ProjectView> {
  return (await (await fetch(`${url}/api/projects/houses`)).json()) as ProjectView;
}

async function ask({ url }: Dev): Promise<PredictionView> {
  const response = await fetch(`${url}/predict/house-price`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"size":80,"garden":true}',
  });
  return (await response.json()) as PredictionView;
}

/** Longer than any test waits. */
const forever = 'trees: 100000, earlyStopping: 100000';

async function trainForLong(folder: string): Promise<void> {
  await edit(join(folder, 'modelyard.config.ts'), 'trees: 20', forever);
}

test('help lists the commands, with examples', async () => {
  const whole = await modelyard(['--help']);
  expect(whole).toMatchObject({ code: 0, err: '' });
  const commands = ['dev', 'run', 'predict', 'models', 'runs', 'purge', 'explain', 'init', 'doctor'];
  for (const command of commands) {
    expect(whole.out).toMatch(new RegExp(`^  ${command} `, 'm'));
    const { code, out } = await modelyard([command, '--help']);
    expect({ command, code, out }).toEqual({ command, code: 0, out: expect.stringContaining('Examples:\n') });
  }
});

test.each([
  ['no such command', ['trian'], /unknown command 'trian'/],
  ['no such option', ['run', '--fast'], /unknown option '--fast'/],
  ['an argument that is missing', ['predict'], /missing required argument 'endpoint'/],
  ['an invalid port', ['dev', '--port', 'http'], /--port must be a whole number.*\(got "http"\)/],
  [
    'a project that is not there',
    ['run', '--project', '/nowhere'],
    /--project must be a folder with.*\(got "\/nowhere"\)/,
  ],
])('called wrongly ends with 2: %s', async (_case, args, says) => {
  const { code, out, err } = await modelyard(args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(says);
});

test('outside a project it explains how to create one', async () => {
  await using folder = await temporaryFolder();
  const { code, err } = await modelyard(['run'], { cwd: folder.path });
  expect(code).toBe(2);
  expect(err).toMatch(/modelyard init <name>.*\(modelyard\.config\.ts: ".*"\)/s);
});

test('a port in use is reported with the project that has it, or as another program', async () => {
  await using first = await houses();
  await using second = await houses();
  await using dev = await startDev(['--project', first.path]);
  const port = new URL(dev.url).port;
  const ours = await modelyard(['dev', '--project', second.path, '--port', port]);
  expect(ours.code).toBe(1);
  expect(ours.err).toMatch(
    new RegExp(
      `port in use: Modelyard serves houses there\\..*--port or MODELYARD_PORT \\(port: ${port}\\)`,
      's',
    ),
  );

  const server = createServer((_request, response) => response.end('hello'));
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const other = String((server.address() as AddressInfo).port);
  const { code, err } = await modelyard(['dev', '--project', second.path], {
    env: { MODELYARD_PORT: other },
  });
  expect(code).toBe(1);
  expect(err).toMatch(/Another program listens there/);
  expect(await readdir(join(second.path, '.modelyard')), 'nothing is left locked').not.toContain('lock');
});

test('a state in use is reported with the process that has it', async () => {
  await using folder = await houses();
  await using _lock = await openStateLock(join(folder.path, '.modelyard'), { holder: 'a test' });
  const { code, out, err } = await modelyard(['run', '--json', '--project', folder.path]);
  expect(code).toBe(3);
  expect(err).toMatch(new RegExp(`held by a test, process ${process.pid}`));
  expect(JSON.parse(out)).toMatchObject({ error: { code: 'STATE_LOCKED', message: expect.any(String) } });
});

test('a damaged database, and a state that is not a folder, are reported with a remedy', async () => {
  await using folder = await houses();
  const state = join(folder.path, '.modelyard');
  await mkdir(state);
  await writeFile(join(state, 'modelyard.db'), 'this is no database, and was never one\n'.repeat(200));
  const damaged = await modelyard(['models', '--project', folder.path]);
  expect(damaged.code).toBe(1);
  expect(damaged.err).toMatch(/^error: damaged state: \S.*\(database: ".*modelyard\.db"/);

  const file = join(folder.path, 'houses.csv');
  const noFolder = await modelyard(['run', '--project', folder.path, '--state', file]);
  expect(noFolder.code).toBe(2);
  expect(noFolder.err).toMatch(/^error: bad configuration: state folder .*--state.*houses\.csv/s);
  const doctor = await modelyard(['doctor', '--project', folder.path, '--state', file]);
  expect(doctor.code).toBe(1);
  expect(doctor.out).toMatch(/✗ state .*houses\.csv is not a folder/);
});

test('a project file with several mistakes reports the file and line of each', async () => {
  await using folder = await houses();
  const config = join(folder.path, 'modelyard.config.ts');
  await edit(config, "target: 'price'", "target: 'cost'");
  await edit(config, "split: { by: 'sold'", "split: { by: 'day'");
  await edit(config, "metrics: ['mae', 'r2']", "metrics: ['r2']");
  const wired = await modelyard(['run', '--json', '--project', folder.path]);
  expect(wired.code).toBe(1);
  for (const mistake of [/target is "cost"/, /split\.by is "day"/, /promote uses "mae"/])
    expect(wired.err).toMatch(mistake);
  expect(wired.err.match(/ at modelyard\.config\.ts:\d+:\d+$/gm), 'a location for each').toHaveLength(3);
  expect(JSON.parse(wired.out)).toMatchObject({ error: { code: 'PROJECT_INVALID' } });

  await edit(config, "target: 'cost'", "target: 'price");
  const broken = await modelyard(['run', '--project', folder.path]);
  expect(broken.code).toBe(1);
  expect(broken.err).toMatch(/modelyard\.config\.ts:12/);
  expect(broken.err, 'a trace is for us').not.toMatch(/\n\s+at /);
});

test('requests on the command line: an example, a file, standard input, and refusals', async () => {
  await using folder = await houses();
  const at = ['--project', folder.path];
  expect(await modelyard(['run', ...at])).toMatchObject({ code: 0 });
  const request = join(folder.path, 'request.json');
  await writeFile(request, '{"size": 80, "garden": true}');
  const fromFile = await modelyard(['predict', 'house-price', '--file', request, '--json', ...at]);
  expect(fromFile.code).toBe(0);
  const prediction = JSON.parse(fromFile.out) as PredictionView;
  const piped = startModelyard(['predict', 'house-price', '--file', '-', '--json', ...at], {
    input: '{"size": 80, "garden": true}',
  });
  expect(JSON.parse((await piped.finished).out)).toMatchObject({ prediction: prediction.prediction });
  const explained = await modelyard(['explain', prediction.predictionId, ...at]);
  expect(explained.code).toBe(0);
  expect(explained.out).toContain('listings: houses.csv');
  const shortened = await modelyard(['explain', prediction.predictionId.slice(0, -1), ...at]);
  expect(shortened).toMatchObject({ code: 0, out: explained.out });

  const refusals = [
    [['predict', 'home-prize'], /no such model: Choose from house-price.*\(endpoint: "home-prize"/],
    [
      ['predict', 'house-price', '{"size": "80", "gardn": 1}'],
      /gardn is not a field.*\(got 1\).*size must be.*\(got "80"\).*garden must be.*\(missing\)/s,
    ],
    [['predict', 'house-price', '{"size":'], /request must be a JSON object.*\(got /],
    [
      ['predict', 'house-price', '--file', '/nowhere.json'],
      /--file must be a readable file.*\(got "\/nowhere\.json"\)/,
    ],
    [['predict', 'house-price'], /Give a request as JSON with the fields size, garden.*\(request: missing/],
    [['explain', 'nothing'], /no such prediction: .*\(prediction: "nothing"/],
    [['run', 'hoems'], /no such task: .*listings, houses, house-price.*\(target: "hoems"/],
  ] as const;
  for (const [args, says] of refusals) {
    const { code, out, err } = await modelyard([...args, ...at]);
    expect({ args, code, out, err }).toEqual({ args, code: 1, out: '', err: expect.stringMatching(says) });
  }
});

test('a reader that stops early is not an error', async () => {
  await using folder = await houses();
  const reading = startModelyard(['models', '--json', '--project', folder.path], { closeOut: true });
  expect(await reading.finished).toMatchObject({ code: 0, err: '' });
});

test('a project behind a symbolic link names its own files when its code throws', async () => {
  await using folder = await houses();
  await using other = await temporaryFolder();
  await edit(join(folder.path, 'home.ts'), 'size / 10', 'JSON.parse(String(size) + "{")');
  await symlink(folder.path, join(other.path, 'link'));
  const { code, out } = await modelyard(['run', '--json', '--project', join(other.path, 'link')]);
  expect(code).toBe(1);
  expect((JSON.parse(out) as JobView).outcome?.run?.failed?.error).toMatchObject({
    code: 'USER_CODE_FAILED',
    detail: { field: expect.stringMatching(/^home\.ts:14:\d+$/) },
  });
});

test('doctor reports the state, beside a server and without one', async () => {
  await using folder = await houses();
  const at = ['--project', folder.path];
  const alone = await modelyard(['doctor', '--json', ...at], { env: { MODELYARD_PORT: '0' } });
  expect(alone.code).toBe(0);
  const found = (JSON.parse(alone.out) as { what: string; good: boolean }[]).map(({ what, good }) => [
    what,
    good,
  ]);
  // A machine without Python has no packages of it.
  expect(found.filter(([what]) => what !== 'python packages')).toEqual(
    'modelyard mirror python project state database artifacts server libsql @duckdb/node-api esbuild'
      .split(' ')
      .map((what) => [what, true]),
  );
  await using dev = await startDev(at);
  const beside = await modelyard(['doctor', ...at]);
  expect(beside.out).toContain(`${dev.url} serves houses`);
});

test.each(['SIGINT', 'SIGTERM'] as const)(
  '%s ends a server in training and its tasks, and the next run resumes',
  async (signal) => {
    await using folder = await houses();
    await trainForLong(folder.path);
    const at = ['--project', folder.path];
    const marked = { env: { MODELYARD_TEST_MARK: folder.path } };
    await using dev = await startDev(at, marked);
    await dev.line(/^▸ house-price\.train /);
    expect((await naming(folder.path)).length, 'the server and the task').toBeGreaterThanOrEqual(2);
    const { code, out } = await dev.stop(signal);
    expect(code).toBe(0);
    expect(out).toMatch(/^Run \S+ was stopped/m);
    expect(await naming(folder.path)).toEqual([]);
    expect(await readdir(join(folder.path, '.modelyard'))).not.toEqual(expect.arrayContaining(['lock']));

    await edit(join(folder.path, 'modelyard.config.ts'), forever, 'trees: 20');
    const next = await modelyard(['run', '--json', ...at]);
    expect(next.code).toBe(0);
    const { outcome } = JSON.parse(next.out) as JobView;
    expect(outcome?.tasks.filter(({ status }) => status === 'hit').map(({ task }) => task)).toEqual(
      expect.arrayContaining(['houses', 'house-price.features']),
    );
  },
);

test('the tasks of a killed server end with it, and the next server takes over its state', async () => {
  await using folder = await houses();
  await trainForLong(folder.path);
  const started = startModelyard(['run', '--project', folder.path], {
    env: { MODELYARD_TEST_MARK: folder.path },
  });
  await started.line(/^▸ house-price\.train /);
  started.kill('SIGKILL');
  await started.finished;
  while ((await naming(folder.path)).length > 0) await new Promise((resolve) => setImmediate(resolve));

  await edit(join(folder.path, 'modelyard.config.ts'), forever, 'trees: 20');
  const next = await modelyard(['models', '--json', '--project', folder.path]);
  expect(next.code).toBe(0);
  expect((JSON.parse(next.out) as readonly ModelView[])[0]?.live).toBeNull();
});

test('a broken project file is reported and the last good project keeps serving; mending it reloads', async () => {
  await using folder = await houses();
  const config = join(folder.path, 'modelyard.config.ts');
  await using dev = await startDev(['--project', folder.path]);
  await dev.line(/version 1 promoted/);
  const before = await ask(dev);

  await edit(config, 'trees: 20', 'trees: 20,,');
  await dev.line(/error: bad project file: .*modelyard\.config\.ts/);
  await dev.line(/The server keeps the last project that loaded/);
  expect((await projectOf(dev)).problem).toMatchObject({ code: 'PROJECT_INVALID' });
  expect(await ask(dev)).toMatchObject({ version: 1, prediction: before.prediction });

  await edit(config, 'trees: 20,,', 'trees: 80');
  await dev.line(/version 2 promoted/);
  expect((await projectOf(dev)).problem).toBeNull();
  expect(await ask(dev)).toMatchObject({ version: 2 });

  await writeFile(join(folder.path, 'extra.ts'), 'export const more = ;\n');
  await edit(config, 'import { keepSound }', "import { more } from './extra.ts';\nimport { keepSound }");
  await edit(config, 'trees: 80', 'trees: more');
  await dev.line(/extra\.ts/);
  await writeFile(join(folder.path, 'extra.ts'), 'export const more = 3;\n');
  await dev.line(/version 3 held/);
  expect((await projectOf(dev)).problem).toBeNull();
});

test('a running server executes commands', async () => {
  await using folder = await houses();
  const at = ['--project', folder.path];
  await using dev = await startDev(at);
  await dev.line(/version 1 promoted/);
  const models = JSON.parse((await modelyard(['models', '--json', ...at])).out) as readonly ModelView[];
  expect(models[0]?.live).toMatchObject({ version: 1 });
  const run = await modelyard(['run', ...at]);
  expect(run).toMatchObject({ code: 0, out: expect.stringMatching(/^Nothing changed: all 8 tasks/) });
  expect(await modelyard(['run', 'nothing', ...at])).toMatchObject({
    code: 1,
    err: expect.stringMatching(/no such task/),
  });
});

test('runs are searched, a promotion is rolled back, and deleted runs are purged, beside a server and without one', async () => {
  await using folder = await houses();
  const at = ['--project', folder.path];
  const config = join(folder.path, 'modelyard.config.ts');
  await using dev = await startDev(at);
  await dev.line(/version 1 promoted/);
  await edit(config, 'trees: 20', 'trees: 80');
  await dev.line(/version 2 promoted/);
  expect(await ask(dev)).toMatchObject({ version: 2 });

  const back = await modelyard(['models', 'rollback', 'house-price', '--why', 'too slow', ...at]);
  expect(back).toMatchObject({
    code: 0,
    out: 'house-price@prod now points to version 1 (was version 2).',
  });
  expect(await ask(dev), 'at once').toMatchObject({ version: 1 });
  const history = await modelyard(['models', 'history', 'house-price', ...at]);
  expect(history.out).toMatch(
    /v2 → v1 {2}owner: too slow\n.*v1 → v2 {2}gate: promoted: MAE .*\n.*gate: promoted: the first/,
  );
  const again = await modelyard(['models', 'promote', 'house-price', '2', '--json', ...at]);
  expect(JSON.parse(again.out)).toMatchObject({ from: 1, to: 2, alias: 'prod' });

  const filter = "tags.`modelyard.model` = 'house-price' OR metrics.mae < 0";
  const search = ['runs', '--filter', filter, '--json', ...at];
  const { runs } = JSON.parse((await modelyard(search)).out) as RunsFound;
  expect(runs).toHaveLength(2);
  const pipelineRun = runs[1]?.tags['mlflow.parentRunId'] ?? '';
  const body = JSON.stringify({ run_id: pipelineRun });
  const headers = { 'content-type': 'application/json' };
  await fetch(`${dev.url}/api/2.0/mlflow/runs/delete`, { method: 'POST', headers, body });
  const kept = await modelyard(['purge', '--run', pipelineRun, ...at]);
  expect(kept).toMatchObject({ code: 1, out: expect.stringContaining('house-price version 1 needs it') });
  await dev.stop();

  const none = await modelyard(['purge', '--older-than', '1d', ...at]);
  expect(none).toMatchObject({ code: 0, out: 'Nothing was purged.' });
});
