import { execFileSync } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type EnvironmentDeps, pythonWith } from '../../src/adapters/python/environments.ts';
import { findPython } from '../../src/adapters/python/find-python.ts';
import { repository, temporaryFolder } from '../e2e/product.ts';
import { whyWithoutPython as why, withoutPython } from './mlflow-client.ts';

const found = withoutPython
  ? ''
  : await findPython({ ...process.env, MODELYARD_PYTHON: process.env['MODELYARD_COMPAT_PYTHON'] });

/** No installer but pip, and no network. */
function depsOf(folder: string): EnvironmentDeps {
  const env = { ...process.env, MODELYARD_PYTHON: found, PATH: dirname(found), PIP_NO_INDEX: '1' };
  return { env, scripts: join(repository, 'python'), cache: join(folder, 'cache') };
}

/** A wheel of a package with one module, which pip installs without a network. */
async function wheel(folder: string): Promise<string> {
  const path = join(folder, 'greeting-1.0-py3-none-any.whl');
  const program = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as file:
    file.writestr('greeting.py', 'text = "hello"')
    file.writestr('greeting-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: greeting\\nVersion: 1.0\\n')
    file.writestr('greeting-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    file.writestr('greeting-1.0.dist-info/RECORD', '')
`;
  execFileSync(found, ['-c', program, path]);
  return path;
}

test.skipIf(withoutPython)(
  `two makers at once make one environment, which imports its packages${why}`,
  async () => {
    await using folder = await temporaryFolder();
    const deps = depsOf(folder.path);
    const requirements = [await wheel(folder.path), '# a comment', ''];
    const made = await Promise.all([1, 2].map(() => pythonWith(requirements, deps)));
    expect(new Set(made).size).toBe(1);
    const [path = ''] = made;
    expect(execFileSync(path, ['-c', 'import greeting; print(greeting.text)']).toString()).toBe('hello\n');
    expect((await readdir(deps.cache)).filter((name) => !name.endsWith('.lock'))).toHaveLength(1);
  },
);

test.skipIf(withoutPython)(`a killed maker leaves nothing that is used${why}`, async () => {
  await using folder = await temporaryFolder();
  const deps = depsOf(folder.path);
  const requirements = [await wheel(folder.path)];
  const abort = new AbortController();
  const killed = pythonWith(requirements, deps, {
    signal: abort.signal,
    // The command of pip comes after the empty environment is there.
    log: (line) => line.includes('-m pip install') && abort.abort(),
  });
  await expect(killed).rejects.toThrow('abort');
  expect((await readdir(deps.cache)).some((name) => name.includes('.making-'))).toBe(true);
  const path = await pythonWith(requirements, deps);
  expect(execFileSync(path, ['-c', 'import greeting; print(greeting.text)']).toString()).toBe('hello\n');
  expect((await readdir(deps.cache)).some((name) => name.includes('.making-'))).toBe(false);
});

test.skipIf(withoutPython)(`the error of a failed installation has the last lines of pip${why}`, async () => {
  await using folder = await temporaryFolder();
  const deps = depsOf(folder.path);
  const failed = pythonWith(['no-such-package==9.9'], deps);
  await expect(failed).rejects.toMatchObject({ code: 'STEP_FAILED' });
  await expect(failed).rejects.toThrow('No matching distribution found for no-such-package==9.9');
});

test.skipIf(withoutPython)(`a Python that has the packages is used as it is${why}`, async () => {
  await using folder = await temporaryFolder();
  const deps = depsOf(folder.path);
  const first = await pythonWith([await wheel(folder.path)], deps);
  const again = await pythonWith(['greeting==1.0'], {
    ...deps,
    env: { ...deps.env, MODELYARD_PYTHON: first },
    cache: '/nowhere',
  });
  expect(again).toBe(first);
});

test.skipIf(withoutPython)(`the tests of python/ pass${why}`, () => {
  const tests = join(repository, 'python', 'tests');
  execFileSync(found, ['-B', '-m', 'unittest', 'discover', '--start-directory', tests], { stdio: 'pipe' });
});
