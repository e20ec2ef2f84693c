import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { openFileArtifactStore } from '../../adapters/files/artifact-store.ts';
import { emptySqlite } from '../../adapters/sql/empty-sqlite.fixture.ts';
import { sqlRegistryImport } from '../../adapters/sql/import/import-registry.ts';
import { sqlImportStore } from '../../adapters/sql/import/import-store.ts';
import { sqlLoggedModelStore } from '../../adapters/sql/tracking/logged-model-store.ts';
import { sqlRegistryStore } from '../../adapters/sql/registry/registry-store.ts';
import { sqlTrackingStores } from '../../adapters/sql/tracking/tracking-stores.ts';
import type { RegistryStore } from '../../registry/store.ts';
import type { LoggedModelStore } from '../../tracking/logged-model-store.ts';
import type { TrackingStores } from '../../tracking/stores.ts';
import { artifactPath } from '../../tracking/artifacts/path.ts';
import { importMlflow } from './import.ts';
import { type FakeContent, fakeSource, type OnRead } from './fake-source.fixture.ts';
import type { ImportReport } from './report.ts';
import type { ImportOptions } from './session.ts';

export const runIds = ['a', 'b', 'c'].map((digit) => digit.repeat(32)) as [string, string, string];
const [a] = runIds;

export interface OpenImport extends TrackingStores, AsyncDisposable {
  readonly loggedModels: LoggedModelStore;
  readonly registry: RegistryStore;
  run(has: FakeContent, onRead?: OnRead, options?: ImportOptions): Promise<ImportReport>;
  /** What the target holds of the entities that tests import. */
  picture(): Promise<Picture>;
}

interface Picture {
  readonly experiments: readonly string[];
  readonly runs: readonly string[];
  readonly points: readonly number[];
  readonly files: Readonly<Record<string, string>>;
  readonly model: string | undefined;
  readonly versions: readonly string[];
  readonly aliases: Readonly<Record<string, number>>;
}

/** An empty state, and imports into it. */
export async function openImport(): Promise<OpenImport> {
  const database = await emptySqlite();
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-import-'));
  const artifacts = await openFileArtifactStore(folder);
  const stores = {
    ...sqlTrackingStores(database),
    loggedModels: sqlLoggedModelStore(database),
    registry: sqlRegistryStore(database),
  };
  const target = {
    store: sqlImportStore(database),
    registry: sqlRegistryImport(database),
    artifacts,
    now: () => 100,
  };
  return {
    ...stores,
    run: (has: FakeContent, onRead?: OnRead, options: ImportOptions = {}): Promise<ImportReport> =>
      importMlflow(fakeSource(has, onRead), target, options),
    async picture() {
      const { items } = await stores.experiments.search({ view: 'all', offset: 0, limit: 9 });
      const found = await stores.runs.search({
        experimentIds: items.map(({ id }) => id),
        view: 'all',
        offset: 0,
        limit: 9,
      });
      const history = await stores.metrics.history({ runId: a, key: 'm', offset: 0, limit: 99 });
      const stored = await stores.loggedModels.get('m-1');
      const versions = await stores.registry.searchVersions({ limit: 9, offset: 0 });
      const uri = (await stores.runs.get(a))?.info.artifactUri ?? '';
      return {
        experiments: items.map(({ id, name, lifecycle }) => `${id} ${name} ${lifecycle}`).toSorted(),
        runs: found.items.map(({ info }) => `${info.id} ${info.status} ${info.lifecycle}`).toSorted(),
        points: history.items.map(({ value }) => value).toSorted((one, other) => one - other),
        files: await textsBelow(uri.replace('mlflow-artifacts:/', '')),
        model: stored && `${stored.status} ${stored.artifactUri} ${stored.metrics.length}`,
        versions: versions.items
          .map(({ version: number, stage, storage }) => `${number} ${stage} ${storage}`)
          .toSorted(),
        aliases: (await stores.registry.findModel('reg'))?.aliases ?? {},
      };
    },
    async [Symbol.asyncDispose]() {
      await artifacts[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
      await database[Symbol.asyncDispose]();
    },
  };

  async function textsBelow(path: string, inner = ''): Promise<Readonly<Record<string, string>>> {
    if (path === '') return {};
    const entries = await artifacts.list(artifactPath(inner === '' ? path : `${path}/${inner}`));
    const parts = entries.map(async (entry) => {
      const below = entry.path.slice(path.length + 1);
      if (entry.size === undefined) return textsBelow(path, below);
      await using file = await artifacts.open(entry.path);
      return { [below]: await text(file.read()) };
    });
    return Object.assign({}, ...(await Promise.all(parts))) as Readonly<Record<string, string>>;
  }
}
