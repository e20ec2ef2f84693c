import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { repository } from './folders.ts';
import { runProgram } from './processes.ts';

const caches = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
const cache = join(caches, 'modelyard-ci');

/**
 * The `bin` folder of a virtual environment with the packages of a list in `bench`. It is created once per list and
 * Python.
 * @throws Error with the output of Python or pip
 */
export async function peerPrograms(
  name: 'python' | 'fasttrackml' | 'feast' | 'statsforecast' = 'python',
): Promise<string> {
  const list = join(repository, 'bench', `${name}.txt`);
  const { out: version } = await runProgram('python3', ['--version']);
  const digest = createHash('sha256')
    .update(version)
    .update(await readFile(list));
  const folder = join(cache, `bench-${digest.digest('hex').slice(0, 16)}`);
  const programs = join(folder, 'bin');
  const whole = join(folder, '.whole');
  if (existsSync(whole)) return programs;
  process.stderr.write('Installing the peers; this is done once.\n');
  await rm(folder, { recursive: true, force: true });
  await mkdir(cache, { recursive: true });
  await runProgram('python3', ['-m', 'venv', folder]);
  const args = ['install', '--quiet', '--disable-pip-version-check', '--requirement', list];
  await runProgram(join(programs, 'pip'), args);
  await writeFile(whole, '');
  return programs;
}
