import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openSqlite } from '../adapters/sql/sqlite/sqlite.ts';
import { streamOf } from '../exchange/mirror/change.ts';
import { type CommandContext } from './commands/context.ts';
import { mirrorCommand } from './commands/mirror.ts';
import { openMirrorQueue } from './mirror-state.ts';
import { formatBacklog } from './mirror-status.ts';

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

function contextOf(
  state: string,
  env: NodeJS.ProcessEnv,
): { readonly context: CommandContext; readonly out: string[] } {
  const out: string[] = [];
  const terminal = {
    out: (text: string) => void out.push(text),
    err() {},
    interactive: false,
    columns: 80,
  };
  return { context: { config: { port: 0, project: undefined, state }, env, terminal, json: false }, out };
}

test('modelyard mirror shows waiting and refused changes, and sends refused ones again', async () => {
  await using server = await someServer();
  await using state = await someState(server.url);
  const env = { MODELYARD_MIRROR: server.url.replace('http://', 'http://me:secret@') };
  const { context, out } = contextOf(state.folder, env);
  expect(await mirrorCommand({}, context)).toBe(0);
  expect(out[0]).toContain(`${server.url} is reachable\n`);
  expect(out[0]).toContain('1 change waiting, oldest ');
  expect(out[0]).toContain('; 1 refused.');
  expect(out[0]).toContain('  run:a param long\n    too long');
  expect(out[0]).not.toContain('secret');
  expect(await mirrorCommand({ retry: true }, context)).toBe(0);
  expect(out[1]).toMatch(/^1 change sent again\.\n/);
  expect(out[1]).toContain('2 changes waiting');
});

test('an unreachable server is a failure, and a state without a database has no changes waiting', async () => {
  const server = await someServer();
  await server[Symbol.asyncDispose]();
  const { context, out } = contextOf(join(tmpdir(), 'modelyard-nowhere'), { MODELYARD_MIRROR: server.url });
  expect(await mirrorCommand({}, context)).toBe(1);
  expect(out[0]).toContain('no changes waiting.');
  await expect(mirrorCommand({}, { ...context, env: {} })).rejects.toMatchObject({ code: 'CONFIG_INVALID' });
});

test.each([
  [{ waiting: 0, oldest: undefined, refused: 0 }, /^no changes waiting$/],
  [{ waiting: 1, oldest: Date.now() + 9e9, refused: 0 }, /^1 change waiting, oldest 0 ms$/],
  [{ waiting: 3, oldest: 0, refused: 2 }, /^3 changes waiting, oldest \d+ min \d+ s; 2 refused$/],
])('a backlog in words: %j', (backlog, words) => {
  expect(formatBacklog(backlog)).toMatch(words);
});
