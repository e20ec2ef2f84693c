import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFileArtifactStore } from '../../adapters/files/artifact-store.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { newBatchId } from './batch.ts';
import { openBatchFiles } from './files.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function* pieces(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const each of texts) yield Buffer.from(each);
}

test('the output is of the attempts that wrote it, whatever others left', async () => {
  await using store = await openFileArtifactStore(folder);
  const files = openBatchFiles(store);
  const id = newBatchId();
  const put = (part: number, attempt: string | undefined, content: string): Promise<void> =>
    files.putPart(id, { part, attempt }, Buffer.from(content));
  // A release before attempts had names wrote the first part.
  await put(0, undefined, 'a');
  for (const [part, attempt, content] of [
    [1, 'one', 'b'],
    [2, 'one', 'stale'],
    [2, 'two', 'c'],
    [3, 'two', 'd'],
    [1, 'two', 'stale'],
  ] as const)
    await put(part, attempt, content);
  const writers = [
    { from: 1, attempt: 'one' },
    { from: 2, attempt: 'two' },
  ];
  expect(await text(files.readOutput({ id, parts: 4, writers }))).toBe('abcd');
  expect(await text(files.readOutput({ id, parts: 1, writers: [] }))).toBe('a');
  expect(await files.stored()).toEqual([id]);
  expect(await files.storedAt(id)).toBeGreaterThan(0);
  await files.remove(id);
  expect([await files.stored(), await files.storedAt(id)]).toEqual([[], undefined]);
});

test('an input is refused as soon as it is too large, for a file or for the project', async () => {
  await using store = await openFileArtifactStore(folder);
  const files = openBatchFiles(store, 10);
  const full = new PlatformError('LIMIT_REACHED', { field: 'project', value: 1, remedy: 'Wait.' });
  const id = newBatchId();
  await expect(files.putInput(id, pieces('12345', '67890', '1'))).rejects.toMatchObject({
    code: 'BODY_TOO_LARGE',
  });
  const room = { bytes: 9, full: () => full };
  await expect(files.putInput(id, pieces('12345', '67890'), room)).rejects.toBe(full);
  expect(await files.stored()).toEqual([]);
  expect(await files.putInput(id, pieces('12345', '6789'), room)).toBe(9);
});
