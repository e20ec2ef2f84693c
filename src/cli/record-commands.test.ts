import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { adminSignIn } from '../access/sign-in.ts';
import { openApp } from '../app/app.ts';
import { openMeter } from '../http/metrics/meter.ts';
import { createServer } from '../http/native/server.ts';
import { openClosers } from '../kernel/closers.ts';
import { openTopic } from '../kernel/events.ts';
import { newRunId } from '../kernel/ids.ts';
import { silentLog } from '../kernel/log.ts';
import { artifactPath } from '../tracking/artifacts/path.ts';
import { aliasHistoryCommand, promoteCommand, rollbackCommand } from './commands/aliases.ts';
import type { CommandContext, ExitCode } from './commands/context.ts';
import { purgeCommand } from './commands/purge.ts';
import { moveRunsCommand, runsCommand } from './commands/runs.ts';
import { listen } from './listen.ts';
import { openState, type State } from './state.ts';

const token = 'a-long-secret';

interface Opened extends AsyncDisposable {
  readonly folder: string;
  readonly state: State;
  readonly url: string;
}

/** What `modelyard server` is, in a folder of its own. */
async function openServer(): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-records-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const pages = join(folder, 'pages');
  await mkdir(pages);
  await writeFile(join(pages, 'index.html'), '<title>pages</title>');
  const closers = openClosers();
  const stateFolder = join(folder, 'state');
  const state = await openState(closers, { stateFolder, holder: 'a test', log: silentLog });
  const { services } = state.mlflow;
  const events = openTopic<never>();
  const loadCode = (): Promise<never> => Promise.reject(new TypeError('nothing is served'));
  const deps = { ...state, projects: () => [], events, loadCode };
  const server = await createServer({
    operationsFor: (caller) => openApp(deps, caller),
    events,
    meter: openMeter(),
    log: silentLog,
    ready: () => ({ ready: true, waitsFor: [] }),
    pages,
    mlflow: services,
    signIn: adminSignIn(token),
  });
  closers.defer(() => server.close());
  const url = await listen(server, { port: 0 });
  return { folder: stateFolder, state, url, [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose]() };
}

interface Told {
  readonly code: ExitCode;
  readonly out: string;
}

type Command = (context: CommandContext) => Promise<ExitCode>;

async function told(command: Command, over: Partial<CommandContext> = {}): Promise<Told> {
  let out = '';
  const terminal = {
    out: (text: string) => void (out += `${text}\n`),
    err() {},
    interactive: false,
    columns: 80,
  };
  const config = { port: 4310, project: undefined, state: undefined };
  const code = await command({ config, env: { MODELYARD_TOKEN: token }, terminal, json: false, ...over });
  return { code, out };
}

async function startRun({ records }: State, name: string, depth: string): Promise<string> {
  const id = newRunId();
  await records.runs.create({ id, experimentId: '0', name, user: '', startedAt: 1, tags: [] });
  const metrics = [{ key: 'mae', value: Number(depth), step: 0, timestamp: 1 }];
  await records.runs.log(id, { params: [{ key: 'depth', value: depth }], metrics });
  await records.artifacts.put(artifactPath(`0/${id}/artifacts/a.txt`), content());
  return id;
}

async function* content(): AsyncGenerator<Uint8Array> {
  yield new TextEncoder().encode('bytes');
}

test('runs are found in a table and as JSON, and move', async () => {
  await using opened = await openServer();
  const { url: server, state } = opened;
  const [one, two] = [await startRun(state, 'one', '1'), await startRun(state, 'two', '2')];
  await startRun(state, 'three', '3');
  const filter = "params.depth = '1' OR metrics.mae = 2";
  const orderBy = ['metrics.mae ASC'];
  const table = await told((context) => runsCommand({ server, filter, orderBy }, context));
  expect(table.out.split('\n')).toEqual([
    'RUN                               NAME  EXPERIMENT  STATUS   STARTED           METRICS',
    `${one}  one   Default     RUNNING  1970-01-01 00:00  mae 1.000`,
    `${two}  two   Default     RUNNING  1970-01-01 00:00  mae 2.000`,
    '',
  ]);
  const page = await told((context) => runsCommand({ server, orderBy, limit: '1', offset: '1' }, context));
  expect(page.out).toMatch(/two.*\nMore: --offset 2\n$/);

  await state.records.experiments.create({ name: 'churn', tags: [], now: 1 });
  const moving = { experiment: 'churn', runs: [one, two] };
  expect(await told((context) => moveRunsCommand(moving, { server }, context))).toEqual({
    code: 0,
    out: '2 runs moved to churn.\n',
  });
  const json = await told((context) => runsCommand({ server, experiment: ['churn'] }, context), {
    json: true,
  });
  expect(JSON.parse(json.out)).toMatchObject({ runs: [{ params: {}, status: 'RUNNING' }, {}], next: null });
  const none = await told((context) => runsCommand({ server, deleted: true }, context));
  expect(none.out).toBe('No run is found.\n');
});

test('a purge says what would go, removes it, and ends with 1 where what was named stays', async () => {
  await using opened = await openServer();
  const { url: server, state } = opened;
  const [gone, active] = [await startRun(state, 'gone', '1'), await startRun(state, 'active', '2')];
  await state.records.runs.delete(gone, 1000);
  const dry = await told((context) => purgeCommand({ server, dryRun: true }, context));
  expect(dry).toEqual({
    code: 0,
    out: `would go  run ${gone} gone, deleted 1970-01-01\nNothing is removed: 1 run would go.\n`,
  });
  const named = await told((context) => purgeCommand({ server, run: [gone, active] }, context));
  expect(named).toEqual({
    code: 1,
    out: `stays  run ${active}: it is not deleted\nGone: 1 run; 1 folder of artifacts removed.\n`,
  });
  expect(await state.records.artifacts.stat(artifactPath(`0/${gone}`))).toBeUndefined();
  const json = await told((context) => purgeCommand({ server, olderThan: '0d' }, context), { json: true });
  expect(json.code).toBe(0);
  expect(JSON.parse(json.out)).toMatchObject({ dryRun: false, gone: [], kept: [] });
});

test('a purge that nothing is left for removes the files of one that was killed', async () => {
  await using opened = await openServer();
  const { url: server, state } = opened;
  const run = await startRun(state, 'gone', '1');
  await state.records.runs.delete(run, 1000);
  const nothing = { runs: [], loggedModels: [], experiments: [], registeredModels: [] };
  const { go } = await state.records.purges.plan({ ...nothing, deletedBefore: 1000 });
  await state.records.purges.remove(go, 1001);
  const next = await told((context) => purgeCommand({ server }, context));
  expect(next.out).toBe('Gone: nothing; 1 folder of artifacts removed.\n');
});

test('an alias is promoted, rolled back and told by hand, in the name of whoever has the token', async () => {
  await using opened = await openServer();
  const { url: server, state } = opened;
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
  for (let made = 0; made < 2; made += 1)
    await registry.createVersion({ ...source, runId: undefined, runLink: '', loggedModelId: undefined });
  const promote = (version: string, why?: string) =>
    told((context) =>
      promoteCommand({ model: 'score', version }, { server, ...(why !== undefined && { why }) }, context),
    );
  expect((await promote('1')).out).toBe('score@prod is version 1 now; it was nowhere before.\n');
  expect((await promote('2', 'newer')).out).toBe('score@prod is version 2 now; it was version 1 before.\n');
  const back = await told((context) => rollbackCommand('score', { server }, context));
  expect(back.out).toBe('score@prod is version 1 now; it was version 2 before.\n');
  const history = await told((context) => aliasHistoryCommand('score', { server }, context));
  const at = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d`;
  expect(history.out).toMatch(
    new RegExp(
      `^${at}  v2 → v1  admin: rollback\n${at}  v1 → v2  admin: newer\n${at}  nothing → v1  admin\n$`,
    ),
  );
  await expect(promote('none')).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
  await expect(promote('9')).rejects.toMatchObject({ code: 'VERSION_NOT_FOUND' });
});

test('without a server the state of one is opened here, and where there is none it says so', async () => {
  const opened = await openServer();
  await startRun(opened.state, 'one', '1');
  await opened[Symbol.asyncDispose]();
  const at = (state: string): Partial<CommandContext> => ({
    env: {},
    config: { port: 4310, project: undefined, state },
  });
  const found = await told((context) => runsCommand({}, context), at(opened.folder));
  expect(found.out).toMatch(/one +Default/);
  await expect(
    told((context) => runsCommand({}, context), at(`${opened.folder}-none`)),
  ).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    detail: { field: '--server' },
  });
  await expect(told((context) => runsCommand({ server: 'nowhere' }, context))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
  });
  await expect(told((context) => runsCommand({ limit: '0' }, context))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    detail: { field: '--limit' },
  });
});
