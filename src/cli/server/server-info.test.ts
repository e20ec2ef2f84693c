import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { announceServer, findServer } from './server-info.ts';

async function stateFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-info-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Answers every request with this status. @returns its URL */
async function answering(status: number): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end());
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The number of a process that has ended. */
async function endedPid(): Promise<number> {
  const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
  await once(child, 'exit');
  return child.pid ?? 0;
}

const ours = { pid: process.pid, startedAt: 1, project: 'houses' };

test('a server is found as long as it is announced', async () => {
  const folder = await stateFolder();
  expect(await findServer(folder)).toBeUndefined();
  const info = { ...ours, url: await answering(200) };
  const announced = await announceServer(folder, info);
  expect(await findServer(folder)).toEqual(info);
  await announced[Symbol.asyncDispose]();
  expect(await findServer(folder)).toBeUndefined();
  expect(await readdir(folder)).toEqual([]);
});

test('a server without a project is found', async () => {
  const folder = await stateFolder();
  const info = { pid: process.pid, startedAt: 1, url: await answering(200) };
  await using _announced = await announceServer(folder, info);
  expect(await findServer(folder)).toEqual(info);
});

test('what a killed server left is no server, even where another one listens by now', async () => {
  const folder = await stateFolder();
  await using _left = await announceServer(folder, {
    ...ours,
    pid: await endedPid(),
    url: await answering(200),
  });
  expect(await findServer(folder)).toBeUndefined();
});

test('a server that responds with an error is not found', async () => {
  const folder = await stateFolder();
  await using _first = await announceServer(folder, { ...ours, url: await answering(500) });
  expect(await findServer(folder)).toBeUndefined();
  await using _second = await announceServer(folder, { ...ours, url: 'http://127.0.0.1:1' });
  expect(await findServer(folder)).toBeUndefined();
});

test.each(['', '{', '[]', '{"pid":0,"startedAt":1,"url":"http://127.0.0.1:1","project":"p"}'])(
  'a file that says %j is passed over',
  async (text) => {
    const folder = await stateFolder();
    await writeFile(join(folder, 'server.json'), text);
    expect(await findServer(folder)).toBeUndefined();
  },
);
