import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JobView } from '../../src/api/job-views.ts';
import type { ModelView } from '../../src/api/views.ts';
import { seededRandom } from '../../src/kernel/random.ts';
import { edit, writeHouses } from '../e2e/houses.ts';
import { modelyard, startModelyard, temporaryFolder } from '../e2e/product.ts';
import { counted, reportFault, short } from './report.ts';

const rounds = short ? 6 : 20;

interface Kill {
  /** In milliseconds. */
  readonly after: number;
  /** On a slow machine a run may not finish a task in the planned time. */
  readonly from: 'start' | 'first task';
}

/** Starts a run and kills it after so many milliseconds. @returns the tasks that it had reported as done */
async function killedRun(folder: string, { after, from }: Kill): Promise<readonly string[]> {
  const started = startModelyard(['run', '--project', folder]);
  const done: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  started.onLine((line) => {
    const task = /^✓ (\S+)/.exec(line)?.[1];
    if (task === undefined) return;
    done.push(task);
    if (from === 'first task') timer ??= setTimeout(() => started.kill('SIGKILL'), after);
  });
  if (from === 'start') timer = setTimeout(() => started.kill('SIGKILL'), after);
  await started.finished;
  clearTimeout(timer);
  return done;
}

/** Checks that the digest of every visible blob matches its name. */
async function brokenBlobs(folder: string): Promise<readonly string[]> {
  const root = join(folder, '.modelyard', 'blobs', 'sha256');
  const files = await readdir(root, { recursive: true, withFileTypes: true }).catch(() => []);
  const broken: string[] = [];
  for (const file of files) {
    if (!file.isFile()) continue;
    const path = join(file.parentPath, file.name);
    const digest = path.slice(root.length).replaceAll('/', '');
    const found = createHash('sha256')
      .update(await readFile(path))
      .digest('hex');
    if (!digest.endsWith(found) && found !== digest) broken.push(path);
  }
  return broken;
}

test(`a run that is killed at ${rounds} moments is completed by the next run, which repeats no finished task`, async () => {
  await using folder = await temporaryFolder();
  await writeHouses(folder.path);
  const random = seededRandom(11);
  let trees = 20;
  let acknowledged = 0;
  let lost = 0;
  for (let round = 0; round < rounds; round += 1) {
    const after = 200 + Math.floor(random() * 4000);
    const done = await killedRun(
      folder.path,
      round % 2 ? { after: after / 4, from: 'first task' } : { after, from: 'start' },
    );
    const broken = await brokenBlobs(folder.path);
    acknowledged += done.length;
    lost += broken.length;
    expect(broken, `round ${round}`).toEqual([]);
    if (random() < 0.6) continue;

    const { code, out, err } = await modelyard(['run', '--json', '--project', folder.path]);
    expect({ code, err: code === 0 ? '' : err }).toEqual({ code: 0, err: '' });
    const tasks = (JSON.parse(out) as JobView).outcome?.tasks ?? [];
    expect(tasks).not.toEqual([]);
    const again = tasks.filter(
      ({ task, status }) => status === 'done' && done.includes(task) && !task.endsWith('.gate'),
    );
    lost += again.length;
    expect(
      again.map(({ task }) => task),
      `done before round ${round}`,
    ).toEqual([]);

    await edit(join(folder.path, 'modelyard.config.ts'), `trees: ${trees},`, `trees: ${trees + 1},`);
    await edit(join(folder.path, 'modelyard.config.ts'), `least: ${trees}`, `least: ${trees + 1}`);
    trees += 1;
  }
  const last = await modelyard(['run', '--json', '--project', folder.path]);
  reportFault({
    fault: 'modelyard run: kill -9 at a random moment',
    tried: counted(rounds, 'kill'),
    acknowledged: counted(acknowledged, 'task'),
    lost,
  });
  expect(last).toMatchObject({ code: 0 });
  const [model] = JSON.parse(
    (await modelyard(['models', '--json', '--project', folder.path])).out,
  ) as readonly ModelView[];
  expect(model?.versions.every(({ verdict }) => verdict !== null)).toBe(true);
  expect(model?.live).not.toBeNull();
});
