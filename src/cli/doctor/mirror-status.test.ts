import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqlite } from '../../adapters/sql/sqlite/sqlite.ts';
import { streamOf } from '../../exchange/mirror/change.ts';
import { openMirrorQueue } from '../host/mirror-state.ts';
import { formatBacklog } from './mirror-status.ts';
import { runProgram } from '../program.ts';

interface Server extends AsyncDisposable {
  readonly url: string;
}

/** Responds to every request as MLflow to a search of experiments. */
async function someServer(): Promise<Server> {
  const server = createServer((_request, response) => response.end('{}')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** A state whose queue has one waiting and one refused change. */
async function someState(url: string) {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-mirror-'));
  await using database = await openSqlite(join(folder, 'modelyard.db'));
  const queue = openMirrorQueue(database, { url });
  const stream = streamOf('run', 'a');
  await queue.add([
    { stream, kind: 'param', key: 'long' },
    { stream, kind: 'tag', key: 't' },
  ]);
  const pending = await queue.next({ group: 'metadata', except: [], limit: 1 });
  await queue.refuse(
    (pending?.changes ?? []).map(({ id }) => id),
    'too long',
  );
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) };
}

/** Runs `modelyard mirror` on a state in this process. */
async function mirror(state: string, env: NodeJS.ProcessEnv, ...args: readonly string[]) {
  let out = '';
  const terminal = {
    out: (text: string) => void (out += text),
    err() {},
    interactive: false,
    columns: 80,
  };
  return { code: await runProgram(['mirror', '--state', state, ...args], { env, terminal }), out };
}

test('modelyard mirror shows waiting and refused changes, and sends refused ones again', async () => {
  await using server = await someServer();
  await using state = await someState(server.url);
  const env = { MODELYARD_MIRROR: server.url.replace('http://', 'http://me:secret@') };
  const first = await mirror(state.folder, env);
  expect(first.code).toBe(0);
  expect(first.out).toContain(`${server.url} is reachable\n`);
  expect(first.out).toContain('1 change waiting, oldest ');
  expect(first.out).toContain('; 1 refused.');
  expect(first.out).toContain('  run:a param long\n    too long');
  expect(first.out).not.toContain('secret');
  const again = await mirror(state.folder, env, '--retry');
  expect(again.code).toBe(0);
  expect(again.out).toMatch(/^1 change sent again\.\n/);
  expect(again.out).toContain('2 changes waiting');
});

test.each(['--retry', '--send'])(
  'mirror %s refuses tables of another build and does not upgrade them',
  async (flag) => {
    await using server = await someServer();
    const folder = await mkdtemp(join(tmpdir(), 'modelyard-mirror-'));
    await writeFile(join(folder, 'modelyard.db'), '');
    const { code, out } = await mirror(folder, { MODELYARD_MIRROR: server.url }, flag, '--json');
    expect(code).not.toBe(0);
    expect(JSON.parse(out)).toMatchObject({ error: { code: 'STATE_OLDER' } });
    expect((await stat(join(folder, 'modelyard.db'))).size).toBe(0);
    await rm(folder, { recursive: true });
  },
);

test('an unreachable server is a failure, and a state without a database has no changes waiting', async () => {
  const server = await someServer();
  await server[Symbol.asyncDispose]();
  const nowhere = join(tmpdir(), 'modelyard-nowhere');
  const away = await mirror(nowhere, { MODELYARD_MIRROR: server.url });
  expect([away.code, away.out]).toEqual([1, expect.stringContaining('no changes waiting.')]);
  expect(await mirror(nowhere, {})).toEqual({ code: 2, out: '' });
});

test.each([
  [{ waiting: 0, oldest: undefined, refused: 0 }, /^no changes waiting$/],
  [{ waiting: 1, oldest: Date.now() + 9e9, refused: 0 }, /^1 change waiting, oldest 0 ms$/],
  [{ waiting: 3, oldest: 0, refused: 2 }, /^3 changes waiting, oldest \d+ min \d+ s; 2 refused$/],
])('a backlog as text: %j', (backlog, text) => {
  expect(formatBacklog(backlog)).toMatch(text);
});
