import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { siblingEntry } from './entry.ts';

/** What a process that is started by an entry says. */
async function messageFrom(caller: string, text: string): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard entry '));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, `worker${extname(caller)}`), text);
  await writeFile(join(folder, 'package.json'), '{"type":"module"}');
  const { path, execArgv } = siblingEntry(pathToFileURL(join(folder, caller)).href, './worker');
  const child = fork(path, [], { execArgv: [...execArgv] });
  const [message] = (await once(child, 'message')) as [unknown];
  return message;
}

test('starts the module beside a source', async () => {
  expect(await messageFrom('caller.ts', 'const word: string = "typed"; process.send?.(word);')).toBe('typed');
});

test('starts the module beside a built file, with nothing to load first', async () => {
  expect(await messageFrom('caller.js', 'process.send("built");')).toBe('built');
  expect(siblingEntry('file:///a/caller.js', './worker').execArgv).toEqual([]);
});
