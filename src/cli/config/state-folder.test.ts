import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { PlatformError } from '../../kernel/errors.ts';
import { exitCodeOf } from '../exit-codes.ts';
import { openStateFolder } from './state-folder.ts';

test.for([
  ['below a folder of the system', '/proc/x'],
  ['a folder of the system', '/proc'],
  ['a file', 'file'],
  ['below a file', 'file/state'],
  ['a name that is too long', 'n'.repeat(300)],
])('a state folder that cannot be created or written is wrong usage: %s', async ([, path = '']) => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-state-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'file'), '');
  const stateFolder = path.startsWith('/') ? path : join(folder, path);
  const error = await openStateFolder(stateFolder, 'a test').then(
    () => undefined,
    (reason: PlatformError) => reason,
  );
  expect(error?.message).toMatch(
    /^bad configuration: state folder is not a folder that can be created or written \(E[A-Z]+\); choose another with --state or MODELYARD_STATE \(got "/,
  );
  expect(error && exitCodeOf(error)).toBe(2);
});
