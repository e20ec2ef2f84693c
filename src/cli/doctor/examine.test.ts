import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { saveDataset } from '../../data/dataset.ts';
import { openClosers } from '../../kernel/closers.ts';
import type { Digest } from '../../kernel/digest.ts';
import { newRunId } from '../../kernel/ids.ts';
import { silentLog } from '../../kernel/log.ts';
import type { Finding } from './examine.ts';
import { runProgram } from '../program.ts';
import { openState } from '../host/state.ts';

interface Examined {
  readonly code: number;
  readonly findings: readonly Finding[];
}

async function doctor(...args: readonly string[]): Promise<Examined> {
  let out = '';
  const terminal = {
    out: (text: string) => void (out += text),
    err: () => undefined,
    interactive: false,
    columns: 80,
  };
  const env = { MODELYARD_PORT: '0' };
  const code = await runProgram(['doctor', '--json', ...args], { env, terminal });
  return { code, findings: JSON.parse(out) as readonly Finding[] };
}

const named = ({ findings }: Examined, what: string): Finding | undefined =>
  findings.find((finding) => finding.what === what);

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-doctor-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** State with a live version of two files. @returns the digest of one of them */
async function writeState(stateFolder: string): Promise<Digest> {
  await using closers = openClosers();
  const state = await openState(closers, { stateFolder, holder: 'a test', log: silentLog });
  const [trees, code] = [await state.blobs.put('trees'), await state.blobs.put('code')];
  const files = [
    { name: 'features.mjs', ...code },
    { name: 'model.ubj', ...trees },
  ];
  const folder = await saveDataset({ kind: 'files', files }, state.blobs);
  const { registry } = state.stores;
  await registry.register({ model: 'price', runId: newRunId(), folder, metrics: {}, createdAt: 1 });
  await registry.moveAlias({ model: 'price', alias: 'prod', from: 'any', to: 1, by: 'me', movedAt: 2 });
  return trees.digest;
}

const blobPath = (state: string, digest: Digest): string =>
  join(state, 'blobs', 'sha256', digest.slice(0, 2), digest.slice(2));

test('without a project the state of a server is examined, with the files of live versions', async () => {
  const state = await temporaryFolder();
  const trees = await writeState(state);
  const sound = await doctor('--state', state);
  expect(sound.code).toBe(0);
  expect(sound.findings.map(({ what, good }) => `${what} ${good}`)).toEqual(
    [
      'modelyard',
      'mirror',
      'python',
      'project',
      'state',
      'database',
      'artifacts',
      'price@prod',
      'server',
      'libsql',
      '@duckdb/node-api',
      'esbuild',
    ].map((what) => `${what} true`),
  );
  expect(named(sound, 'price@prod')?.found).toBe('version 1: all its files are there');

  await rm(blobPath(state, trees));
  const lost = await doctor('--state', state);
  expect(lost.code).toBe(1);
  expect(named(lost, 'price@prod')).toEqual({
    what: 'price@prod',
    good: false,
    found: expect.stringMatching(
      /files of the version are lost: .*modelyard run.*\(version 1: "model\.ubj"\)/,
    ),
  });
});

test('nothing is written: neither a folder, nor a damaged file moved aside', async () => {
  const empty = join(await temporaryFolder(), 'none');
  const none = await doctor('--state', empty);
  expect(none.code).toBe(1);
  expect(named(none, 'project')).toMatchObject({
    good: false,
    found: expect.stringContaining('modelyard init'),
  });
  expect(named(none, 'database')).toMatchObject({ good: true, found: expect.stringContaining('none yet') });
  await expect(readdir(empty)).rejects.toThrow('ENOENT');

  const state = await temporaryFolder();
  const path = blobPath(state, await writeState(state));
  await rm(path);
  await writeFile(path, 'other trees');
  const before = (await readdir(state, { recursive: true })).toSorted();
  const damaged = await doctor('--state', state);
  expect(named(damaged, 'price@prod')?.found).toContain('model.ubj');
  expect((await readdir(state, { recursive: true })).toSorted()).toEqual(before);
});

test('a project that is named and not there is a fault, and the rest is still examined', async () => {
  const state = await temporaryFolder();
  await writeState(state);
  const { code, findings } = await doctor('--project', join(state, 'nowhere'), '--state', state);
  expect(code).toBe(1);
  expect(findings.filter(({ good }) => !good).map(({ what }) => what)).toEqual(['project']);
  expect(findings.map(({ what }) => what)).toEqual(expect.arrayContaining(['database', 'price@prod']));
});

test('a bucket that cannot be read, and a database that is away, are faults', async () => {
  const state = await temporaryFolder();
  let out = '';
  const terminal = {
    out: (text: string) => void (out += text),
    err: () => undefined,
    interactive: false,
    columns: 80,
  };
  const env = {
    MODELYARD_PORT: '0',
    MODELYARD_DATABASE_URL: 'postgres://127.0.0.1:9/x',
    MODELYARD_ARTIFACTS: 'no',
  };
  expect(await runProgram(['doctor', '--json', '--state', state], { env, terminal })).toBe(1);
  const findings = JSON.parse(out) as readonly Finding[];
  expect(findings.filter(({ good }) => !good).map(({ what }) => what)).toEqual(['buckets', 'database']);
});
