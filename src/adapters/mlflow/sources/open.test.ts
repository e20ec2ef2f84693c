import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Libsql from 'libsql';
import { expect, test } from 'vitest';
import { openMlflowSource } from './open.ts';

const retry = { random: () => 0, sleep: async (): Promise<void> => {} };

test('a tracking URI is a server, a file or a folder', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-open-'));
  const [database, runs] = [join(folder, 'm.db'), join(folder, 'mlruns')];
  const file = new Libsql(database);
  file.exec('create table experiments (experiment_id); create table runs (run_uuid)');
  file.close();
  await mkdir(join(runs, '0'), { recursive: true });
  await writeFile(join(runs, '0', 'meta.yaml'), 'name: Default\n');
  const named = async (address: string): Promise<string> => {
    await using source = await openMlflowSource(address, { retry });
    return source.name;
  };
  expect(await named('https://user:secret@theirs:5000/prefix/')).toBe('https://theirs:5000/prefix');
  for (const address of [database, `sqlite:///${database}`, `sqlite:///${database}?timeout=5`])
    expect(await named(address)).toBe(`sqlite:${database}`);
  for (const address of [runs, `file://${runs}`, `file:${runs}`])
    expect(await named(address)).toBe(`file:${runs}`);
  await rm(folder, { recursive: true });
});

test.each([
  ['postgresql://user:secret@db/mlflow', 'CONFIG_INVALID'],
  ['mysql+pymysql://db/mlflow', 'CONFIG_INVALID'],
  ['databricks://profile', 'CONFIG_INVALID'],
  ['/nowhere/at/all', 'SOURCE_UNREADABLE'],
])('%s is refused, and the message has no secret', async (address, code) => {
  const error: unknown = await openMlflowSource(address, { retry }).catch((failed: unknown) => failed);
  expect(error).toMatchObject({ code });
  expect(String(error)).not.toContain('secret');
});
