import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openKeyFile } from './key-file.ts';

test('a key is made once, for this user alone', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-key-'));
  const path = join(folder, 'webhooks.key');
  const [first, second] = [await openKeyFile(path), await openKeyFile(path)];
  expect(first).toHaveLength(32);
  expect(second).toEqual(first);
  expect((await stat(path)).mode & 0o777).toBe(0o600);
  await expect(openKeyFile(join(folder, 'none', 'key'))).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' });
  await rm(folder, { recursive: true });
});
