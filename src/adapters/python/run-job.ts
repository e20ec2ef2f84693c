import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative, sep } from 'node:path';
import { PlatformError, platformError, type ErrorBody } from '../../kernel/errors.ts';
import type { PythonJob } from '../../project/python.ts';
import type { ModelFile } from '../../project/models/trainer.ts';
import { modelEnv, pythonFlags } from './child-env.ts';
import { startChild } from './child.ts';
import { type EnvironmentDeps, pythonWith } from './environments.ts';

/** Runs a script in its environment: files in, files out. */
export async function runJob(job: PythonJob, deps: EnvironmentDeps): Promise<readonly ModelFile[]> {
  const { script, inputs, log, signal } = job;
  const python = await pythonWith(job.requirements, deps, { log, signal });
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-python-'));
  const [from, to, userFolder] = ['inputs', 'outputs', 'user'].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  try {
    await Promise.all([from, to, userFolder].map((each) => mkdir(each)));
    await writeFiles(from, inputs);
    const args = [...pythonFlags, join(deps.scripts, 'job.py'), script, from, to];
    const env = modelEnv(deps.env, userFolder);
    const { fault, lastLines } = await startChild(python, args, { env, cwd: folder, log, signal }).ended;
    signal?.throwIfAborted();
    if (fault === undefined) return await readFiles(to);
    throw (await refusalIn(to)) ?? failed(script, fault, lastLines);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes files into a folder, by their paths there. @throws PlatformError INPUT_INVALID for a path that leads out of it */
export async function writeFiles(folder: string, files: readonly ModelFile[]): Promise<void> {
  for (const { name, bytes } of files) {
    const path = join(folder, name);
    if (!path.startsWith(`${folder}${sep}`))
      throw new PlatformError('INPUT_INVALID', {
        field: 'file name',
        value: name,
        remedy: 'must be a path inside the folder',
      });
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes);
  }
}

async function readFiles(folder: string): Promise<readonly ModelFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths.toSorted().map(async (path): Promise<ModelFile> => ({
    name: relative(folder, path).split(sep).join('/'),
    bytes: await readFile(path),
  }));
  return Promise.all(files);
}

/** The error that the script reported itself. */
async function refusalIn(folder: string): Promise<PlatformError | undefined> {
  const text = await readFile(join(folder, 'refusal.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : platformError(JSON.parse(text) as ErrorBody);
}

function failed(script: string, fault: string, lastLines: readonly string[]): PlatformError {
  return new PlatformError('STEP_FAILED', {
    field: `python/${script}.py`,
    value: fault,
    remedy: `Python failed. Its last lines:\n${lastLines.join('\n')}`,
  });
}
