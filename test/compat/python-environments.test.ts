import { execFileSync } from 'node:child_process';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type EnvironmentDeps, pythonWith } from '../../src/adapters/python/environments.ts';
import { findPython } from '../../src/adapters/python/find-python.ts';
import { repository, temporaryFolder } from '../e2e/product.ts';
import { whyWithoutPython as why, withoutPython } from './mlflow-client.ts';

const found = withoutPython
  ? ''
  : (await findPython({ ...process.env, MODELYARD_PYTHON: process.env['MODELYARD_COMPAT_PYTHON'] })).path;

/** No installer but pip, and no packages but those of the folder. */
function depsOf(folder: string, env: Readonly<Record<string, string>> = {}): EnvironmentDeps {
  return {
    env: {
      ...process.env,
      MODELYARD_PYTHON: found,
      PATH: dirname(found),
      PIP_NO_INDEX: '1',
      PIP_FIND_LINKS: folder,
      ...env,
    },
    scripts: join(repository, 'python'),
    cache: join(folder, 'cache'),
  };
}

/** A wheel of a package with one module, which pip installs without a network. */
function makeWheel(folder: string): void {
  const path = join(folder, 'greeting-1.0-py3-none-any.whl');
  const program = `
import sys, zipfile
with zipfile.ZipFile(sys.argv[1], 'w') as file:
    file.writestr('greeting.py', 'text = "hello"')
    file.writestr('greeting-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\nName: greeting\\nVersion: 1.0\\nProvides-Extra: more\\nRequires-Dist: absent>=1; extra == "more"\\n')
    file.writestr('greeting-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\nGenerator: test\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n')
    file.writestr('greeting-1.0.dist-info/RECORD', '')
`;
  execFileSync(found, ['-c', program, path]);
}

/** A source package whose build stores its environment in the wheel that it makes. */
function makeSource(folder: string): void {
  const program = `
import io, sys, tarfile
files = {
    'PKG-INFO': 'Metadata-Version: 2.1\\nName: built\\nVersion: 1.0\\n',
    'pyproject.toml': '[build-system]\\nrequires = []\\nbuild-backend = "backend"\\nbackend-path = ["."]\\n[project]\\nname = "built"\\nversion = "1.0"\\n',
    'backend.py': """
import json, os, zipfile
def build_wheel(folder, settings=None, metadata=None):
    name = 'built-1.0-py3-none-any.whl'
    with zipfile.ZipFile(os.path.join(folder, name), 'w') as file:
        file.writestr('built.py', 'env = ' + repr(dict(os.environ)))
        file.writestr('built-1.0.dist-info/METADATA', 'Metadata-Version: 2.1\\\\nName: built\\\\nVersion: 1.0\\\\n')
        file.writestr('built-1.0.dist-info/WHEEL', 'Wheel-Version: 1.0\\\\nRoot-Is-Purelib: true\\\\nTag: py3-none-any\\\\n')
        file.writestr('built-1.0.dist-info/RECORD', '')
    return name
""",
}
with tarfile.open(sys.argv[1], 'w:gz') as archive:
    for name, text in files.items():
        entry = tarfile.TarInfo('built-1.0/' + name)
        entry.size = len(text.encode())
        archive.addfile(entry, io.BytesIO(text.encode()))
`;
  execFileSync(found, ['-c', program, join(folder, 'built-1.0.tar.gz')]);
}

const printed = (python: string, text: string): string => execFileSync(python, ['-c', text]).toString();
const greeting = ['greeting==1.0'];

test.skipIf(withoutPython)(
  `two makers at once make one environment, which imports its packages${why}`,
  async () => {
    await using folder = await temporaryFolder();
    makeWheel(folder.path);
    const deps = depsOf(folder.path);
    const requirements = [...greeting, '# a comment', ''];
    const made = await Promise.all([1, 2].map(() => pythonWith(requirements, deps)));
    expect(new Set(made).size).toBe(1);
    expect(printed(made[0] ?? '', 'import greeting; print(greeting.text)')).toBe('hello\n');
    expect((await readdir(deps.cache)).filter((name) => !name.endsWith('.lock'))).toHaveLength(1);
  },
);

test.skipIf(withoutPython)(`an aborted maker stops pip and leaves nothing${why}`, async () => {
  await using folder = await temporaryFolder();
  makeWheel(folder.path);
  const deps = depsOf(folder.path);
  const abort = new AbortController();
  const aborted = pythonWith(greeting, deps, {
    signal: abort.signal,
    // The command of pip comes after the empty environment is there.
    log: (line) => line.includes('-m pip install') && abort.abort(),
  });
  await expect(aborted).rejects.toThrow('abort');
  expect((await readdir(deps.cache)).filter((name) => !name.endsWith('.lock'))).toEqual([]);
  const processes = execFileSync('ps', ['-eo', 'args']).toString().split('\n');
  expect(processes.filter((line) => line.includes(deps.cache))).toEqual([]);
  const path = await pythonWith(greeting, deps);
  expect(printed(path, 'import greeting; print(greeting.text)')).toBe('hello\n');
});

test.skipIf(withoutPython)(
  `a package is built from source only if the operator allows it${why}`,
  async () => {
    await using folder = await temporaryFolder();
    makeSource(folder.path);
    const secret = { AWS_SECRET_ACCESS_KEY: 'x', PIP_NO_BINARY: ':all:', PIP_TARGET: folder.path };
    await expect(pythonWith(['built==1.0'], depsOf(folder.path, secret))).rejects.toThrow(
      'only wheels are installed, unless MODELYARD_PYTHON_BUILD is "allow"',
    );
    const allowed = depsOf(folder.path, { ...secret, MODELYARD_PYTHON_BUILD: 'allow' });
    const text = 'import built, json; print(json.dumps(built.env))';
    const env = JSON.parse(printed(await pythonWith(['built==1.0'], allowed), text)) as Record<
      string,
      string
    >;
    expect(env['HOME']).toContain('.making-');
    expect(env['PIP_FIND_LINKS']).toBe(folder.path);
    expect(Object.keys(env).filter((name) => /AWS|MODELYARD|PIP_TARGET/.test(name))).toEqual([]);
  },
);

test.skipIf(withoutPython)(`the index of the user's pip.conf is used${why}`, async () => {
  await using folder = await temporaryFolder();
  makeWheel(folder.path);
  const home = join(folder.path, 'home');
  await mkdir(join(home, '.config', 'pip'), { recursive: true });
  await writeFile(join(home, '.config', 'pip', 'pip.conf'), `[global]\nfind-links = ${folder.path}\n`);
  const { PIP_FIND_LINKS: _links, XDG_CONFIG_HOME: _config, ...env } = depsOf(folder.path).env;
  const path = await pythonWith(greeting, { ...depsOf(folder.path), env: { ...env, HOME: home } });
  expect(printed(path, 'import greeting; print(greeting.text)')).toBe('hello\n');
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
  makeWheel(folder.path);
  const first = await pythonWith(greeting, deps);
  const found = { ...deps, env: { ...deps.env, MODELYARD_PYTHON: first } };
  expect(await pythonWith(greeting, { ...found, cache: '/nowhere' })).toBe(first);
  // The package of its extra is missing.
  await expect(pythonWith(['greeting[more]==1.0'], found)).rejects.toThrow('absent');
});

test.skipIf(withoutPython)(`the tests of python/ pass${why}`, () => {
  const tests = join(repository, 'python', 'tests');
  execFileSync(found, ['-B', '-m', 'unittest', 'discover', '--start-directory', tests], { stdio: 'pipe' });
});
