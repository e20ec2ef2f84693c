import { execFileSync } from 'node:child_process';
import { chmod, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JobView } from '../../src/api/job-views.ts';
import type { ModelView, ReproductionView, RunRow } from '../../src/api/views.ts';
import { edit, writeHouses } from './houses.ts';
import { modelyard, temporaryFolder } from './product.ts';
import { startTeamServer } from './team-server.ts';

type Document = ReproductionView & { readonly run: RunRow | null };

async function reproduce(
  version: string,
  ...at: readonly string[]
): Promise<{ code: number | null; found: Document }> {
  const { code, out } = await modelyard(['reproduce', version, '--json', ...at]);
  return { code, found: JSON.parse(out) as Document };
}

/** Changes the bytes of a blob, as a failing disk or a person does. */
async function tamper(folder: string, digest: string): Promise<void> {
  const blobs = join(folder, '.modelyard', 'blobs');
  const files = await readdir(blobs, { recursive: true });
  const path = join(
    blobs,
    files.find((name) => name.endsWith(digest) || name.endsWith(digest.slice(2))) ?? '',
  );
  await chmod(path, 0o600);
  await writeFile(path, 'tampered');
}

function commit(folder: string, message: string): string {
  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: folder,
      encoding: 'utf8',
    }).trim();
  git('init', '-q');
  git('add', '--', '*.ts', '*.csv');
  git('commit', '-q', '-m', message);
  return git('rev-parse', 'HEAD');
}

test('a version is reproduced, changed code is named with its commit, and a damaged dataset too', async () => {
  await using folder = await temporaryFolder();
  await writeHouses(folder.path, 200);
  const first = commit(folder.path, 'first');
  const at = ['--project', folder.path] as const;
  expect((await modelyard(['run', ...at])).code).toBe(0);
  const same = await reproduce('house-price@prod', ...at);
  expect(same.found).toMatchObject({
    model: 'house-price',
    version: 1,
    status: 'reproduced',
    data: [{ task: 'houses', rows: 200 }],
    project: [],
    environment: [],
    run: { status: 'FINISHED', why: 'command line' },
  });
  expect([same.code, same.found.files.length > 3]).toEqual([0, true]);
  const [model] = JSON.parse((await modelyard(['models', '--json', ...at])).out) as readonly ModelView[];
  expect([model?.versions.length, model?.history.length], 'nothing registered or moved').toEqual([1, 1]);

  await edit(join(folder.path, 'home.ts'), 'size / 10', 'size / 12');
  commit(folder.path, 'second');
  const changed = await modelyard(['reproduce', 'house-price/1', ...at]);
  expect(changed.code).toBe(1);
  expect(changed.out).toContain('features: toFeatures in home.ts has changed since');
  expect(changed.out).toContain(`git checkout ${first}`);
  expect(changed.out).toContain('the same, bit for bit');

  await edit(join(folder.path, 'home.ts'), 'size / 12', 'size /');
  const broken = await modelyard(['reproduce', 'house-price/1', ...at]);
  expect(broken).toMatchObject({ code: 2, err: expect.stringContaining('bad project file') });
  await edit(join(folder.path, 'home.ts'), 'size /', 'size / 12');

  await tamper(folder.path, same.found.data[0]?.digest ?? '');
  const damaged = await modelyard(['reproduce', 'house-price', ...at]);
  expect(damaged).toMatchObject({ code: 2, out: expect.stringContaining('houses: The dataset') });
  expect(damaged.out).toContain('is damaged');
});

test('a running server reproduces a version', async () => {
  await using folder = await temporaryFolder();
  await writeHouses(folder.path, 200);
  await using server = await startTeamServer(folder.path);
  await server.run('houses');
  const { code, found } = await reproduce('house-price@prod', '--server', server.url);
  expect([code, found.status]).toEqual([0, 'reproduced']);
  const asked = await server.post('/api/models/house-price/reproductions', { version: 1 });
  const job = (await asked.json()) as JobView;
  expect([asked.status, job.target]).toEqual([202, 'models:/house-price/1']);
  const ended = await server.jobOnce(job.id, ({ endedAt }) => endedAt !== null);
  expect(ended.outcome?.reproduction?.status).toBe('reproduced');
  const unknown = await modelyard(['reproduce', 'house-price/7', '--server', server.url]);
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('house-price@prod') });
});
