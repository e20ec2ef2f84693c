import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { pythonFindings } from './python-findings.ts';

/** A folder with programs that print. */
async function programs(printed: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-findings-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(printed))
    await writeFile(join(folder, name), `#!/bin/sh\necho ${text}\n`, { mode: 0o755 });
  return folder;
}

test('Python, its installer and the environments are found with their size', async () => {
  const folder = await programs({ python3: '3.12.4 /usr/bin/python3.12', uv: '' });
  const cache = join(folder, 'cache');
  await mkdir(join(cache, 'a', 'bin'), { recursive: true });
  await writeFile(join(cache, 'a', 'bin', 'python'), 'x'.repeat(2000));
  await writeFile(join(cache, 'a.lock'), '');
  expect(await pythonFindings({ PATH: folder, MODELYARD_PYTHON_CACHE: cache })).toEqual([
    {
      what: 'python',
      good: true,
      found: `3.12.4 on the PATH (/usr/bin/python3.12), packages by ${folder}/uv`,
    },
    { what: 'python packages', good: true, found: `1 environment, 2.0 kB, in ${cache}` },
  ]);
});

test('a machine without Python is sound and learns what to install', async () => {
  const [finding] = await pythonFindings({ PATH: await programs({}) });
  expect(finding).toMatchObject({
    good: true,
    found: expect.stringMatching(/^none, which only .* need\. .*apt-get install/),
  });
});

test('a Python that is set and unusable is a fault', async () => {
  const folder = await programs({ python3: '3.9.1 /usr/bin/python3.9' });
  const path = join(folder, 'python3');
  expect(await pythonFindings({ PATH: folder, MODELYARD_PYTHON: path })).toMatchObject([
    { good: false, found: expect.stringContaining(`Tried ${path} is Python 3.9.1`) },
  ]);
});
