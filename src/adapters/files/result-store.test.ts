import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { exampleResult as result, resultStoreContract } from '../../pipeline/result-store.contract.ts';
import { openFileResultStore } from './result-store.ts';

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-results-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

resultStoreContract('files', async () => openFileResultStore(await temporaryFolder()));

test('a task may be called anything', async () => {
  const folder = await temporaryFolder();
  const results = await openFileResultStore(folder);
  const names = ['../../etc/passwd', 'train: t20/score', 'x'.repeat(400), 'x'.repeat(401), '.'];
  for (const name of names) await results.save(result(name, name));
  for (const name of names) expect(await results.last(name)).toEqual(result(name, name));
  expect((await readdir(join(folder, 'last'))).length).toBe(names.length);
  expect((await readdir(folder)).toSorted()).toEqual(['by-key', 'last', 'tmp']);
});

test.each(['', '{', '[]', '{"key":"x"}', 'null'])(
  'a damaged file (%j) is no result, and saving heals it',
  async (damage) => {
    const folder = await temporaryFolder();
    const results = await openFileResultStore(folder);
    const saved = result('innings', 'a');
    await results.save(saved);
    const path = join(folder, 'by-key', saved.key.slice(0, 2), `${saved.key.slice(2)}.json`);
    expect(JSON.parse(await readFile(path, 'utf8'))).toEqual(saved);
    await writeFile(path, damage);
    expect(await results.find(saved.key)).toBeUndefined();
    expect(await results.last('innings')).toBeUndefined();
    await results.save(saved);
    expect(await results.last('innings')).toEqual(saved);
  },
);

test("a result under another's key is no result", async () => {
  const folder = await temporaryFolder();
  const results = await openFileResultStore(folder);
  const [first, second] = [result('innings', 'a'), result('innings', 'b')];
  await results.save(first);
  const path = join(folder, 'by-key', first.key.slice(0, 2), `${first.key.slice(2)}.json`);
  await writeFile(path, JSON.stringify(second));
  expect(await results.find(first.key)).toBeUndefined();
});

test('what cannot be written names its path', async () => {
  const folder = await temporaryFolder();
  const results = await openFileResultStore(folder);
  await writeFile(join(folder, 'by-key'), 'in the way');
  await expect(results.save(result('innings', 'a'))).rejects.toMatchObject({ code: 'STATE_UNWRITABLE' });
});
