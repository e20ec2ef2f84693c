import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { openFileArtifactStore } from '../adapters/files/artifact-store.ts';
import { purgeStores } from '../adapters/sql/purge/purge.fixture.ts';
import { openSqlite } from '../adapters/sql/sqlite/sqlite.ts';
import { siblingEntry } from '../kernel/entry.ts';
import { artifactPath, rootPath } from './artifacts/path.ts';
import { purge } from './purge.ts';
import { point, startRun } from './run-stores.fixture.ts';

const runCount = 16;
/** Runs that are gone when the purge is killed. */
const killAfter = 6;

const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

/** Purges one run after the other, and says the id of each. */
const purging = (folder: string): string => `
  import { openFileArtifactStore } from ${url('../adapters/files/artifact-store.ts')};
  import { sqlPurgeStore } from ${url('../adapters/sql/purge/purge-store.ts')};
  import { openSqlite } from ${url('../adapters/sql/sqlite/sqlite.ts')};
  import { purge } from ${url('./purge.ts')};
  const store = sqlPurgeStore(await openSqlite(${JSON.stringify(join(folder, 'state.db'))}));
  const artifacts = await openFileArtifactStore(${JSON.stringify(join(folder, 'artifacts'))});
  const nothing = { runs: [], loggedModels: [], experiments: [], registeredModels: [] };
  const { go } = await store.plan({ ...nothing, deletedBefore: 10 });
  for (const { id } of go) {
    await purge({ ...nothing, runs: [id] }, { store, artifacts, now: () => 9 });
    process.stdout.write(id + '\\n');
  }
`;

test('a purge that is killed leaves each run whole or gone, and the next removes what is left of its files', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-purge-crash-'));
  const runs = await deletedRuns(folder);
  const gone = await killedAfter(folder, killAfter);
  await using opened = await open(folder);
  const left: ReadonlySet<string> = new Set(await opened.runsLeft());
  expect(gone.filter((id) => left.has(id))).toEqual([]);
  const states = await Promise.all(runs.map(async (id) => `${id} ${await stateOf(opened, id)}`));
  expect(states.filter((state) => state.endsWith('torn'))).toEqual([]);
  expect(states.filter((state) => state.endsWith('whole'))).toHaveLength(left.size);
  await purge({ ...nothing, deletedBefore: 10 }, { ...opened, now: () => 9 });
  expect(await opened.runsLeft()).toEqual([]);
  expect(await opened.artifacts.list(rootPath)).toEqual([]);
  expect(await opened.store.folders(99)).toEqual([]);
  await rm(folder, { recursive: true });
});

const nothing = { runs: [], loggedModels: [], experiments: [], registeredModels: [] };
const whole = ['runs', 'run_tags', 'params', 'metrics', 'latest_metrics'];

/** Torn is a run of which something is left in the tables, or a file of which nothing there tells. */
async function stateOf(
  { stores, artifacts }: Awaited<ReturnType<typeof open>>,
  id: string,
): Promise<'whole' | 'gone' | 'torn'> {
  const tables = (await stores.tablesWith(id)).join(' ');
  const file = await artifacts.stat(artifactPath(`0/${id}/artifacts/model/a.txt`));
  if (tables === whole.join(' ')) return file ? 'whole' : 'torn';
  return tables === 'purged_folders' || (tables === '' && !file) ? 'gone' : 'torn';
}

async function open(folder: string) {
  const database = await openSqlite(join(folder, 'state.db'));
  const stores = purgeStores(database);
  const artifacts = await openFileArtifactStore(join(folder, 'artifacts'));
  return {
    stores,
    artifacts,
    store: stores.purge,
    async runsLeft() {
      const query = { experimentIds: ['0'], view: 'all', offset: 0, limit: runCount } as const;
      return (await stores.runs.search(query)).items.map(({ info }) => info.id);
    },
    [Symbol.asyncDispose]: () => stores[Symbol.asyncDispose](),
  };
}

async function deletedRuns(folder: string): Promise<readonly string[]> {
  await using opened = await open(folder);
  const ids: string[] = [];
  for (let count = 0; count < runCount; count += 1) {
    const id = await startRun(opened.stores, { params: { depth: '3' }, metrics: [point('mae', count)] });
    async function* content(): AsyncGenerator<Uint8Array> {
      yield new TextEncoder().encode(id);
    }
    await opened.artifacts.put(artifactPath(`0/${id}/artifacts/model/a.txt`), content());
    await opened.stores.runs.delete(id, 5);
    ids.push(id);
  }
  return ids;
}

/** @returns every run that was said to be gone before the process was */
async function killedAfter(folder: string, lines: number): Promise<readonly string[]> {
  const { execArgv } = siblingEntry(import.meta.url, './purge');
  const child = spawn(process.execPath, [...execArgv, '--input-type=module', '--eval', purging(folder)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const ids: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(line);
    if (ids.length === lines) child.kill('SIGKILL');
  }
  expect(await ended).toEqual([null, 'SIGKILL']);
  return ids;
}
