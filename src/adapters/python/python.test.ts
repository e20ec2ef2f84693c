import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { startChild } from './child.ts';
import { modelEnv } from './child-env.ts';
import { type EnvironmentDeps, pythonWith } from './environments.ts';
import { findPython } from './find-python.ts';
import { openPython } from './python.ts';

const scripts = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', 'python');
const found = await findPython(process.env).catch(() => undefined);
const python = found?.path ?? '';
const withoutPython = found === undefined;
const why = withoutPython ? ' (skipped: this machine does not allow it: no Python 3.11 with venv)' : '';

async function temporary(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'modelyard-python-test-')));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function depsOf(
  more: EnvironmentDeps['env'] = {},
): Promise<EnvironmentDeps & { readonly folder: string }> {
  const folder = await temporary();
  const env = {
    ...process.env,
    MODELYARD_PYTHON: python,
    PATH: dirname(python),
    PIP_NO_INDEX: '1',
    ...more,
  };
  return { env, scripts, cache: join(folder, 'cache'), folder };
}

test('without Python, the error names what to install and how to point to it', async () => {
  await expect(findPython({ PATH: '/nowhere' })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    detail: {
      field: 'MODELYARD_PYTHON',
      remedy: expect.stringContaining('install Python 3.11 or newer') as string,
    },
  });
  await expect(findPython({ MODELYARD_PYTHON: '/nowhere/python' })).rejects.toThrow(
    'Tried /nowhere/python does not start',
  );
});

test.skipIf(withoutPython)(
  `an older python3 is passed over for a newer one, and both are named${why}`,
  async () => {
    const folder = await temporary();
    const script = (text: string): string => `#!/bin/sh\n${text}\n`;
    const write = (name: string, text: string): Promise<void> =>
      writeFile(join(folder, name), script(text), { mode: 0o755 });
    await write('python3', 'echo 3.9.2 /usr/bin/python3.9');
    await expect(findPython({ PATH: folder })).rejects.toThrow(`Tried ${folder}/python3 is Python 3.9.2:`);
    await write('python3.12', `exec ${python} "$@"`);
    expect(await findPython({ PATH: folder })).toMatchObject({ from: 'PATH', version: found?.version });
    await expect(findPython({ PATH: folder, MODELYARD_PYTHON: join(folder, 'python3') })).rejects.toThrow(
      'is Python 3.9.2',
    );
  },
);

test.skipIf(withoutPython)(`a version manager finds its settings${why}`, async () => {
  const folder = await temporary();
  const text = `#!/bin/sh\n[ "$PYENV_VERSION$HOME$TOKEN" = 3.12/home/me ] && exec ${python} "$@"\nexit 1\n`;
  await writeFile(join(folder, 'python3'), text, { mode: 0o755 });
  const env = { PATH: folder, PYENV_VERSION: '3.12', HOME: '/home/me', TOKEN: 'secret' };
  expect((await findPython(env)).version).toBe(found?.version);
});

/** A folder of scripts of which `job` has this text. */
async function withScript(text: string): Promise<EnvironmentDeps> {
  const deps = await depsOf({ AWS_SECRET_ACCESS_KEY: 'secret', MODELYARD_ADMIN_TOKEN: 'secret' });
  const folder = join(deps.folder, 'scripts');
  execFileSync('/bin/mkdir', [folder]);
  for (const name of ['environment.py', 'installed.py', 'parent.py', 'refusal.py', 'job.py'])
    await symlink(join(scripts, name), join(folder, name));
  await writeFile(join(folder, 'reporting.py'), text);
  // Python looks for imports beside the file that a link leads to.
  await rm(join(folder, 'job.py'));
  execFileSync('/bin/cp', [join(scripts, 'job.py'), folder]);
  return { ...deps, scripts: folder };
}

test.skipIf(withoutPython)(`a job gets files and returns files, and its lines are logged${why}`, async () => {
  const deps = await withScript(
    'def main(inputs, outputs):\n    print("working")\n    (outputs / "a").mkdir()\n    (outputs / "a" / "b.txt").write_text((inputs / "in.txt").read_text().upper())\n',
  );
  const lines: string[] = [];
  const files = await openPython(deps).run({
    requirements: [],
    script: 'reporting',
    inputs: [{ name: 'in.txt', bytes: new TextEncoder().encode('abc') }],
    log: (line) => lines.push(line),
  });
  expect(files.map(({ name, bytes }) => [name, new TextDecoder().decode(bytes)])).toEqual([
    ['a/b.txt', 'ABC'],
  ]);
  expect(lines).toContain('working');
});

test.skipIf(withoutPython)(`a job has one thread and no credentials in its environment${why}`, async () => {
  const deps = await withScript(
    'import json, os\ndef main(inputs, outputs):\n    (outputs / "env").write_text(json.dumps(dict(os.environ)))\n',
  );
  const [file] = await openPython(deps).run({ requirements: [], script: 'reporting', inputs: [] });
  const env = JSON.parse(new TextDecoder().decode(file?.bytes)) as Record<string, string>;
  expect(env['OMP_NUM_THREADS']).toBe('1');
  expect(env['HOME']).not.toBe(process.env['HOME']);
  expect(Object.keys(env).filter((name) => /SECRET|TOKEN|AWS|MODELYARD/.test(name))).toEqual([]);
});

test.skipIf(withoutPython)(
  `a job that fails has its last lines in the error, or the error that it reports${why}`,
  async () => {
    const throwing = await withScript('def main(inputs, outputs):\n    raise ValueError("too few rows")\n');
    await expect(
      openPython(throwing).run({ requirements: [], script: 'reporting', inputs: [] }),
    ).rejects.toThrow('ValueError: too few rows');
    const refusing = await withScript(
      'from refusal import Refusal\ndef main(inputs, outputs):\n    raise Refusal("DATA_INVALID", "rows", 2, "must be 10 or more")\n',
    );
    await expect(
      openPython(refusing).run({ requirements: [], script: 'reporting', inputs: [] }),
    ).rejects.toThrow(
      new PlatformError('DATA_INVALID', { field: 'rows', value: 2, remedy: 'must be 10 or more' }).message,
    );
  },
);

test.skipIf(withoutPython)(`a cancelled job is killed${why}`, async () => {
  const deps = await withScript(
    'import os, time\ndef main(inputs, outputs):\n    print("pid", os.getpid())\n    time.sleep(600)\n',
  );
  const abort = new AbortController();
  let pid = 0;
  const running = openPython(deps).run({
    requirements: [],
    script: 'reporting',
    inputs: [],
    signal: abort.signal,
    log(line) {
      if (!line.startsWith('pid ')) return;
      pid = Number(line.split(' ')[1]);
      abort.abort();
    },
  });
  await expect(running).rejects.toThrow('abort');
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});

test.skipIf(withoutPython)(`a script ends when its parent does${why}`, async () => {
  const text = 'import parent, time; parent.end_with_parent(); print("ready", flush=True); time.sleep(600)';
  let onReady = (): void => {};
  const ready = new Promise<void>((resolve) => (onReady = resolve));
  const child = startChild(
    python,
    ['-c', `import sys; sys.path.insert(0, ${JSON.stringify(scripts)}); ${text}`],
    {
      env: modelEnv(process.env, tmpdir()),
      log: () => onReady(),
    },
  );
  await ready;
  // The system closes our end of the pipe when we end.
  child.process.stdin?.end();
  expect((await child.ended).fault).toBeDefined();
});

test.skipIf(withoutPython || process.platform === 'win32')(
  `uv reads the configuration file that is named, or else the user's or the machine's, or else none${why}`,
  async () => {
    const { folder, ...deps } = await depsOf();
    const uv = '#!/bin/sh\necho "$1 $2 of ${UV_CONFIG_FILE:-none}"; exit 1\n';
    await writeFile(join(folder, 'uv'), uv, { mode: 0o755 });
    const configIn = async (parent: string): Promise<string> => {
      await mkdir(join(folder, parent, 'uv'), { recursive: true });
      await writeFile(join(folder, parent, 'uv', 'uv.toml'), '');
      return join(folder, parent, 'uv', 'uv.toml');
    };

    const unset = ['XDG_CONFIG_HOME', 'APPDATA', 'PROGRAMDATA'].map((name) => [name, undefined] as const);
    const none = { HOME: folder, ...Object.fromEntries(unset) };
    const started = async (more: EnvironmentDeps['env']): Promise<string> => {
      const path = `${folder}${delimiter}${dirname(python)}`;
      const env = { ...deps.env, ...none, XDG_CONFIG_DIRS: join(folder, 'machine'), PATH: path, ...more };
      const { detail } = await pythonWith(['no-such-package==1.0'], { ...deps, env }).then(
        () => expect.unreachable(),
        (error: unknown) => error as PlatformError,
      );
      return detail.remedy.split('\n').at(-1) ?? '';
    };
    expect(await started({})).toBe('--no-config venv of none');
    const machine = await configIn('machine');
    expect(await started({})).toBe(`venv --quiet of ${machine}`);
    const user = await configIn('.config');
    expect(await started({})).toBe(`venv --quiet of ${user}`);
    expect(await started({ UV_CONFIG_FILE: '/etc/its.toml' })).toBe('venv --quiet of /etc/its.toml');
  },
);

test.skipIf(withoutPython)(`a process outside the group of a job does not delay its end${why}`, async () => {
  const text =
    'import subprocess, sys; print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"], start_new_session=True).pid)';
  const { fault, lastLines } = await startChild(python, ['-c', text], {
    env: modelEnv(process.env, tmpdir()),
  }).ended;
  expect(fault).toBeUndefined();
  // It still runs.
  process.kill(Number(lastLines[0]), 'SIGKILL');
});

test.skipIf(withoutPython)(`a loss that is no number is named with its part and round${why}`, async () => {
  const folder = await temporary();
  const code = `import sys; sys.path.insert(0, ${JSON.stringify(scripts)})
import types
for name in ("fitting.job", "numpy"):
    sys.modules[name] = types.ModuleType(name)
sys.modules["fitting.job"].Job = object
import fit
print(fit.divergence_of({"metric": "rmse", "curves": {"train": [1.0, float("nan")]}}))
print(fit.divergence_of({"metric": "rmse", "curves": {"train": [1.0, 2.0]}}))
`;
  const { lastLines } = await startChild(python, ['-B', '-c', code], { env: modelEnv(process.env, folder) })
    .ended;
  expect(lastLines).toEqual(['rmse of the train rows is nan after round 2', 'None']);
});
