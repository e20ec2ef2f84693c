import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openWatcher, type Watcher } from './watch.ts';

interface Watching {
  readonly folder: string;
  readonly watcher: Watcher;
  /** Waits for the next change. @returns how many there were by then */
  readonly next: () => Promise<number>;
}

async function watching(): Promise<Watching> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-watch-'));
  await mkdir(join(folder, 'inner'));
  for (const name of ['a.ts', 'b.ts', 'inner/c.ts']) await writeFile(join(folder, name), '');
  let changes = 0;
  let notify: (count: number) => void = () => {};
  const watcher = openWatcher(() => notify((changes += 1)));
  onTestFinished(async () => {
    watcher[Symbol.dispose]();
    await rm(folder, { recursive: true, force: true });
  });
  return { folder, watcher, next: () => new Promise((resolve) => (notify = resolve)) };
}

test('a write, and an editor that puts another file in place, are changes; several at once are one', async () => {
  const { folder, watcher, next } = await watching();
  watcher.watch({ files: [join(folder, 'a.ts'), join(folder, 'inner/c.ts')] });
  const first = next();
  for (const text of ['1', '12', '123']) await writeFile(join(folder, 'a.ts'), text);
  expect(await first).toBe(1);
  const second = next();
  await writeFile(join(folder, 'c.new'), 'new');
  await rename(join(folder, 'c.new'), join(folder, 'inner/c.ts'));
  expect(await second).toBe(2);
});

test('other files beside them are no change, unless one of them may be needed', async () => {
  const { folder, watcher, next } = await watching();
  const files = [join(folder, 'a.ts')];
  watcher.watch({ files });
  const first = next();
  await writeFile(join(folder, 'b.ts'), '1');
  await writeFile(join(folder, 'a.ts'), '1');
  expect(await first).toBe(1);
  watcher.watch({ files, neighbours: true });
  const second = next();
  await writeFile(join(folder, 'data.csv'), '1');
  await writeFile(join(folder, 'new.ts'), '1');
  expect(await second).toBe(2);
});

test('a change that was seen is told although other files are watched meanwhile', async () => {
  const { folder, watcher, next } = await watching();
  watcher.watch({ files: [join(folder, 'a.ts')] });
  const seen = next();
  // Of two that watch a folder, the one that came last is told last.
  const other = watch(folder);
  const passed = once(other, 'change');
  await writeFile(join(folder, 'a.ts'), '1');
  await passed;
  other.close();
  watcher.watch({ files: [join(folder, 'b.ts')] });
  expect(await seen).toBe(1);
});

test('a folder that is gone is watched again once it is back', async () => {
  const { folder, watcher, next } = await watching();
  const files = [join(folder, 'a.ts'), join(folder, 'inner/c.ts')];
  await rm(join(folder, 'inner'), { recursive: true });
  watcher.watch({ files });
  const back = next();
  await mkdir(join(folder, 'inner'));
  expect(await back).toBe(1);
  watcher.watch({ files });
  const written = next();
  await writeFile(join(folder, 'inner/c.ts'), '1');
  expect(await written).toBe(2);
});
