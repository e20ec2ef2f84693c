import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { localFiles } from './local-files.ts';
import { allOf } from './fake-server.fixture.ts';

const id = 'a'.repeat(32);

async function withFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-files-'));
  try {
    await mkdir(join(folder, '1', id, 'artifacts', 'dir'), { recursive: true });
    await writeFile(join(folder, '1', id, 'artifacts', 'dir', 'a b.txt'), 'a');
    await work(folder);
  } finally {
    await rm(folder, { recursive: true });
  }
}

test.each([
  ['a path', (folder: string) => `${folder}/1/${id}/artifacts`],
  ['a file address', (folder: string) => `file://${folder}/1/${id}/artifacts/`],
  ['a relative path', () => `./1/${id}/artifacts`],
  ['what a server served', () => `mlflow-artifacts:/1/${id}/artifacts`],
  ['what a server of a name served', () => `mlflow-artifacts://host:5000/1/${id}/artifacts`],
  ['the address of that', () => `http://host/api/2.0/mlflow-artifacts/artifacts/1/${id}/artifacts`],
])('%s is a folder on this disk', async (_case, uriIn) => {
  await withFolder(async (folder) => {
    const owner = { kind: 'run', id, experimentId: '1', uri: uriIn(folder) } as const;
    const found = await localFiles(owner, { base: folder, served: folder });
    const files = found.kind === 'available' ? await allOf(found.files) : [];
    expect(files).toMatchObject([{ path: 'dir/a b.txt', size: 1 }]);
    const [file] = files;
    expect(file && 'open' in file ? await text(await file.open()) : '').toBe('a');
  });
});

test('a folder that MLflow does not create is not read, whatever a database says', async () => {
  await withFolder(async (folder) => {
    const folders = { base: folder, served: folder };
    const from = (uri: string) => localFiles({ kind: 'run', id, experimentId: '1', uri }, folders);
    for (const uri of [
      folder,
      `file://${folder}/1`,
      `${folder}/1/${'b'.repeat(32)}/artifacts`,
      `mlflow-artifacts:/1/${id}/artifacts/../..`,
    ])
      expect(await from(uri)).toMatchObject({
        kind: 'unavailable',
        reason: expect.stringContaining('not one that MLflow creates') as string,
      });
    expect(await from('s3://b/x')).toEqual({ kind: 'unavailable', reason: 'they stay in s3://b' });
  });
});

test('links and deleted files are reported, and links are not followed', async () => {
  await withFolder(async (folder) => {
    const artifacts = join(folder, '1', id, 'artifacts');
    await symlink('/etc', join(artifacts, 'link'));
    const owner = { kind: 'run', id, experimentId: '1', uri: artifacts } as const;
    const found = await localFiles(owner, { base: folder, served: folder });
    const files = found.kind === 'available' ? await allOf(found.files) : [];
    expect(files).toMatchObject([
      { path: 'dir/a b.txt' },
      { path: 'link', reason: 'it is a link or a device' },
    ]);
    const [file] = files;
    await rm(join(artifacts, 'dir'), { recursive: true });
    await expect(file && 'open' in file ? file.open() : undefined).rejects.toMatchObject({
      code: 'ARTIFACT_NOT_FOUND',
    });
  });
});

test('a run without files has none, and a folder of another machine is reported', async () => {
  await withFolder(async (folder) => {
    const other = 'c'.repeat(32);
    const folders = { base: folder, served: folder };
    const from = (uri: string) => localFiles({ kind: 'run', id: other, experimentId: '1', uri }, folders);
    const none = await from(`${folder}/1/${other}/artifacts`);
    expect(none.kind === 'available' ? await allOf(none.files) : none).toEqual([]);
    expect(await from(`/nowhere/at/all/1/${other}/artifacts`)).toMatchObject({
      kind: 'unavailable',
      reason: expect.stringContaining('on this machine') as string,
    });
  });
});
