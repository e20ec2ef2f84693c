import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { adminSignIn } from '../access/sign-in.ts';
import { createClient } from '../client/index.ts';
import { openMeter } from '../http/metrics/meter.ts';
import { createServer } from '../http/native/server.ts';
import { openClosers } from '../kernel/closers.ts';
import { newRunId, type RunId } from '../kernel/ids.ts';
import { silentLog } from '../kernel/log.ts';
import { artifactPath } from '../tracking/artifacts/path.ts';
import { buildApp } from './host/build-app.ts';
import type { ExitCode } from './exit-codes.ts';
import { listen } from './server/listen.ts';
import { runProgram } from './program.ts';
import { openState, type State } from './host/state.ts';

const token = 'a-long-secret';

interface Opened extends AsyncDisposable {
  readonly folder: string;
  readonly state: State;
  readonly url: string;
}

/** What `modelyard server` is, in a folder of its own. */
async function openServer(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-runs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pages = join(folder, 'pages');
  await mkdir(pages);
  await writeFile(join(pages, 'index.html'), '<title>pages</title>');
  const closers = openClosers();
  const stateFolder = join(folder, 'state');
  const state = await openState(closers, { stateFolder, holder: 'a test', log: silentLog });
  const meter = openMeter();
  const app = await buildApp(closers, state, { log: silentLog, meter, env: {} });
  const server = await createServer({
    operationsFor: app.operationsFor,
    events: app.events,
    meter,
    log: silentLog,
    ready: () => ({ ready: true, waitsFor: [] }),
    pages,
    mlflow: state.mlflow,
    signIn: adminSignIn(token),
  });
  closers.defer(() => server.close());
  const url = await listen(server, { port: 0 });
  return { folder: stateFolder, state, url, [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose]() };
}

interface Called {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, away from any project. */
async function called(
  args: readonly string[],
  env: NodeJS.ProcessEnv = { MODELYARD_TOKEN: token },
): Promise<Called> {
  let [out, err] = ['', ''];
  const terminal = {
    out: (text: string) => void (out += `${text}\n`),
    err: (text: string) => void (err += text),
    interactive: false,
    columns: 80,
  };
  const code = await runProgram(args, { env, terminal });
  return { code, out, err };
}

async function startRun({ stores, artifacts }: State, name: string, depth: string): Promise<string> {
  const id = newRunId();
  await stores.tracking.runs.create({ id, experimentId: '0', name, startedAt: 1 });
  const metrics = [{ key: 'mae', value: Number(depth), step: 0, timestamp: 1 }];
  await stores.tracking.runs.log(id, { params: [{ key: 'depth', value: depth }], metrics });
  await artifacts.put(artifactPath(`0/${id}/artifacts/a.txt`), content());
  return id;
}

async function* content(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('bytes');
}

test('runs are found in a table and as JSON, and move', async () => {
  await using opened = await openServer();
  const { url, state } = opened;
  const at = ['--server', url];
  const [one, two] = [await startRun(state, 'one', '1'), await startRun(state, 'two', '2')];
  await startRun(state, 'three', '3');
  const order = ['--order-by', 'metrics.mae ASC'];
  const table = await called(['runs', '--filter', "params.depth = '1' OR metrics.mae = 2", ...order, ...at]);
  expect(table.out.split('\n')).toEqual([
    'RUN                               NAME  EXPERIMENT  STATUS   STARTED           METRICS',
    `${one}  one   Default     RUNNING  1970-01-01 00:00  mae 1`,
    `${two}  two   Default     RUNNING  1970-01-01 00:00  mae 2`,
    '',
  ]);
  const page = await called(['runs', ...order, '--limit', '1', '--offset', '1', ...at]);
  expect(page.out).toMatch(/two.*\nMore: --offset 2\n$/);

  await state.stores.tracking.experiments.create({ name: 'churn', tags: [], now: 1 });
  expect(await called(['runs', 'move', 'churn', one, two, ...at])).toEqual({
    code: 0,
    out: '2 runs moved to churn.\n',
    err: '',
  });
  const json = await called(['runs', '--experiment', 'churn', '--json', ...at]);
  expect(JSON.parse(json.out)).toMatchObject({ runs: [{ params: {}, status: 'RUNNING' }, {}], next: null });
  expect((await called(['runs', '--deleted', ...at])).out).toBe('No runs found.\n');
});

test('runs that are nested are listed once each, below the run that they are in', async () => {
  await using opened = await openServer();
  const { url, state } = opened;
  const parent = await startRun(state, 'parent', '1');
  const child = newRunId();
  const tags = [{ key: 'mlflow.parentRunId', value: parent }];
  await state.stores.tracking.runs.create({
    id: child,
    experimentId: '0',
    name: 'child',
    user: '',
    startedAt: 2,
    tags,
  });
  const { out } = await called(['runs', '--server', url]);
  expect(out.split('\n').map((line) => line.trimEnd())).toEqual([
    'RUN                               NAME       EXPERIMENT  STATUS   STARTED           METRICS',
    `${parent}  parent     Default     RUNNING  1970-01-01 00:00  mae 1`,
    `${child}    └ child  Default     RUNNING  1970-01-01 00:00`,
    '2 runs, 1 of them nested in another run',
    '',
  ]);
  const sorted = await called(['runs', '--order-by', 'start_time DESC', '--server', url]);
  expect(
    sorted.out
      .split('\n')
      .slice(1, 3)
      .map((line) => line.slice(0, 32)),
  ).toEqual([child, parent]);
});

test('runs show which of them were measured on the same test rows', async () => {
  await using opened = await openServer();
  const { url, state } = opened;
  const measured = { one: 'a'.repeat(64), two: 'b'.repeat(64), three: undefined };
  for (const [name, value] of Object.entries(measured)) {
    const id = await startRun(state, name, '1');
    if (value !== undefined)
      await state.stores.tracking.runs.log(id, { tags: [{ key: 'modelyard.testData', value }] });
  }
  const { out } = await called(['runs', '--server', url]);
  const lines = out.trimEnd().split('\n');
  expect(lines[0]).toMatch(/ METRICS  TEST ROWS$/);
  expect(lines.find((line) => line.includes(' one '))).toMatch(/ mae 1 {4}aaaaaaaa$/);
  expect(lines.find((line) => line.includes(' two '))).toMatch(/ mae 1 {4}bbbbbbbb$/);
  expect(lines.find((line) => line.includes(' three '))).toMatch(/ mae 1$/);
});

test('an id is shortened to any start that no other id has; else the candidates are listed', async () => {
  await using opened = await openServer();
  const { url, state } = opened;
  const at = ['--server', url];
  const ids = ['abcd12', 'abcd13', 'ac0000'].map((start) => (start + newRunId()).slice(0, 32) as RunId);
  for (const id of ids)
    await state.stores.tracking.runs.create({
      id,
      experimentId: '0',
      name: id.slice(0, 6),
      user: '',
      startedAt: 1,
      tags: [],
    });
  const [first = '', second = '', third = ''] = ids;
  await state.stores.tracking.experiments.create({ name: 'churn', tags: [], now: 1 });
  const json = await called([
    'runs',
    'move',
    'churn',
    'abcd12',
    `${third.slice(0, 4).toUpperCase()}…`,
    '--json',
    ...at,
  ]);
  expect(JSON.parse(json.out)).toEqual({ moved: expect.arrayContaining([first, third]) });

  const ambiguous = await called(['runs', 'move', 'Default', 'abcd', ...at]);
  expect(ambiguous).toMatchObject({ code: 1, out: '' });
  expect(ambiguous.err.split('\n')).toEqual([
    'error: bad input: run is the start of several ids; give more characters (got "abcd")',
    `       abcd12, RUNNING (run: "${first}")`,
    `       abcd13, RUNNING (run: "${second}")`,
    '',
  ]);
  const short = await called(['runs', 'move', 'Default', 'abc', ...at]);
  expect(short.err).toContain('run must be an id, or at least its first 4 characters (got "abc")');
  const client = createClient(url, { token });
  const few = await called(['explain', '019ab3c', ...at]);
  expect(few.err).toContain('prediction must be an id, or at least its first 8 characters (got "019ab3c")');
  for (const prefix of ['0', '019a', '019ab3c', '--------'])
    await expect(client.findIds({ kind: 'prediction', prefix })).rejects.toThrow(
      `prefix must be an id, or at least its first 8 characters (got "${prefix}")`,
    );
  const unknown = await called(['runs', 'move', 'Default', 'ffff', ...at]);
  expect(unknown.err).toMatch(/no such run: .*"ffff"/);

  await state.stores.tracking.runs.delete(second, 1000);
  const purged = await called(['purge', '--yes', '--run', second.slice(0, 6), ...at]);
  expect(purged).toMatchObject({ code: 0, out: expect.stringMatching(/^Gone: 1 run;/) });

  const job = ('abcd99' + newRunId()).slice(0, 32) as RunId;
  await state.jobs.enqueue({ id: job, project: 'houses', trigger: { kind: 'person' }, queuedAt: 1 });
  expect((await called(['runs', 'cancel', 'abcd', ...at])).out).toBe(`Run ${job} is cancelled.\n`);
});

test('a purge without a terminal and without --yes refuses and says what to do', async () => {
  await using opened = await openServer();
  const { url, state } = opened;
  const gone = await startRun(state, 'gone', '1');
  await state.stores.tracking.runs.delete(gone, 1000);
  const refusal = '--yes must be given to remove 1 run without a terminal; --dry-run lists them';
  expect(await called(['purge', '--server', url])).toEqual({
    code: 2,
    out: '',
    err: `error: bad configuration: ${refusal}\n`,
  });
  const json = await called(['purge', '--run', gone, '--json', '--server', url]);
  expect([json.code, JSON.parse(json.out)]).toMatchObject([2, { error: { detail: { field: '--yes' } } }]);
  expect(await state.stores.tracking.runs.get(gone)).toBeDefined();
});

test('a purge says what would go, removes it, and ends with 1 where what was named stays', async () => {
  await using opened = await openServer();
  const { url, state } = opened;
  const at = ['--server', url];
  const [gone, active] = [await startRun(state, 'gone', '1'), await startRun(state, 'active', '2')];
  await state.stores.tracking.runs.delete(gone, 1000);
  expect(await called(['purge', '--dry-run', ...at])).toEqual({
    code: 0,
    out: `would go  run ${gone} gone, deleted 1970-01-01\nNothing is removed: 1 run would go.\n`,
    err: '',
  });
  expect(await called(['purge', '--yes', '--run', gone, active, ...at])).toEqual({
    code: 1,
    out: `stays  run ${active}: it is not deleted\nGone: 1 run; 1 folder of artifacts removed.\n`,
    err: '',
  });
  expect(await state.artifacts.stat(artifactPath(`0/${gone}`))).toBeUndefined();
  const json = await called(['purge', '--older-than', '0d', '--json', ...at]);
  expect(json.code).toBe(0);
  expect(JSON.parse(json.out)).toMatchObject({ dryRun: false, gone: [], kept: [] });
});

test('a purge that nothing is left for removes the files of one that was killed', async () => {
  await using opened = await openServer();
  const { url, state } = opened;
  const run = await startRun(state, 'gone', '1');
  await state.stores.tracking.runs.delete(run, 1000);
  const nothing = { runs: [], loggedModels: [], experiments: [], registeredModels: [] };
  const { go } = await state.purges.plan({ ...nothing, deletedBefore: 1000 });
  await state.purges.remove(go, 1001);
  const next = await called(['purge', '--server', url]);
  expect(next.out).toBe('Gone: nothing; 1 folder of artifacts removed.\n');
  expect((await called(['purge', '--server', url])).out).toBe('Nothing was purged.\n');
});

test('an alias is promoted, rolled back and listed in its history, in the name of the token owner', async () => {
  await using opened = await openServer();
  const { url, state } = opened;
  const { registry } = state.stores;
  await registry.createModel({ name: 'score', description: '', tags: {}, at: 1 });
  const source = {
    model: 'score',
    source: 's3://b/m',
    storage: 's3://b/m',
    description: '',
    tags: {},
    at: 1,
  };
  for (let count = 0; count < 2; count += 1)
    await registry.createVersion({ ...source, runId: undefined, runLink: '', loggedModelId: undefined });
  const models = (...args: readonly string[]) => called(['models', ...args, '--server', url]);
  expect((await models('promote', 'score', '1')).out).toBe(
    'score@prod now points to version 1 (was unset).\n',
  );
  expect((await models('promote', 'score', 'v2', '--why', 'newer')).out).toBe(
    'score@prod now points to version 2 (was version 1).\n',
  );
  expect((await models('rollback', 'score')).out).toBe(
    'score@prod now points to version 1 (was version 2).\n',
  );
  const at = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
  expect((await models('history', 'score')).out).toMatch(
    new RegExp(
      `^${at}  v2 → v1  admin: rollback\n${at}  v1 → v2  admin: newer\n${at}  nothing → v1  admin\n$`,
    ),
  );
  expect((await models('history', 'score', '--alias', 'other')).out).toBe('score@other was never set.\n');
  expect(await models('promote', 'score', 'none')).toMatchObject({ code: 2 });
  const missing = await models('promote', 'score', '9', '--json');
  expect([missing.code, JSON.parse(missing.out).error.code]).toEqual([1, 'VERSION_NOT_FOUND']);
});

test('without a server the state of one is opened here, and without one the command says so', async () => {
  const opened = await openServer();
  await startRun(opened.state, 'one', '1');
  await opened[Symbol.asyncDispose]();
  const found = await called(['runs', '--state', opened.folder], {});
  expect(found.out).toMatch(/one +Default/);
  const refusals = [
    [
      ['runs', '--state', `${opened.folder}-none`],
      /No project in this folder or above, and no server state: .*--server.*\(--state: ".*-none"\)/,
    ],
    [['runs', '--server', 'nowhere'], /must be the address of a server.*nowhere/],
    [['runs', '--limit', '0'], /--limit must be a whole number from 1 to 1000/],
  ] as const;
  for (const [args, says] of refusals)
    expect(await called(args, {})).toEqual({ code: 2, out: '', err: expect.stringMatching(says) });
});
