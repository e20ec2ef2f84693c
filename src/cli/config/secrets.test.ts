import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { digestOf } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Launcher } from '../../pipeline/ports.ts';
import type { TaskEvent, TaskSpec } from '../../pipeline/task.ts';
import { maskingLauncher, openSecrets } from './secrets.ts';

const spec = (secrets: readonly string[] = []): TaskSpec => ({
  task: 'fetch',
  operation: 'fetch',
  key: digestOf('key'),
  inputs: {},
  code: {},
  params: {},
  outputs: {},
  secrets,
});

test('a secret is a variable, else a file of its name without the last line break', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-secrets-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'API_KEY'), 'from a file\n');
  const secret = openSecrets({ MODELYARD_SECRETS_DIR: folder, OTHER: 'from the environment', EMPTY: '' });
  expect(secret('API_KEY')).toBe('from a file');
  expect(secret('OTHER')).toBe('from the environment');
  expect(() => secret('EMPTY')).toThrow(
    `secret EMPTY has no value: set the variable EMPTY, or write the file`,
  );
  expect(() => openSecrets({})('API_KEY')).toThrow(
    'secret API_KEY has no value: set the variable API_KEY, or name a folder with a file API_KEY in MODELYARD_SECRETS_DIR (missing)',
  );
  expect(() => secret('../API_KEY')).toThrow('must be named in upper-case letters');
});

test('secrets are masked in events and errors, also of later tasks', async () => {
  const launcher: Launcher = {
    async launch(_spec, { onEvent }) {
      onEvent({ type: 'log', line: 'sent hun ter+2 to https://x/?key=hun%20ter%2B2' });
      throw new PlatformError('SOURCE_UNREADABLE', {
        field: 'hun ter+2',
        value: ['hun ter+2', 7],
        remedy: 'The server said hun ter+2.',
      });
    },
  };
  const masking = maskingLauncher(launcher, openSecrets({ API_KEY: 'hun ter+2' }));
  for (const secrets of [['API_KEY'], []]) {
    const events: TaskEvent[] = [];
    const work = masking.launch(spec(secrets), {
      onEvent: (event) => events.push(event),
      signal: new AbortController().signal,
    });
    await expect(work).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: 'cannot read the source: The server said *** (***: ["***",7])',
      detail: { field: '***', value: ['***', 7] },
    });
    expect(events).toEqual([{ type: 'log', line: 'sent *** to https://x/?key=***' }]);
  }
});
