import { describe, expect, test } from 'vitest';
import { sqlBatchStore } from '../../src/adapters/sql/batches/batch-store.ts';
import type { Database } from '../../src/adapters/sql/database.ts';
import { emptyDatabase } from '../../src/adapters/sql/empty.ts';
import { sqlRegistryImport } from '../../src/adapters/sql/import/import-registry.ts';
import { sqlImportStore } from '../../src/adapters/sql/import/import-store.ts';
import { sqlLoggedModelStore } from '../../src/adapters/sql/tracking/logged-model-store.ts';
import { sqlJobQueue } from '../../src/adapters/sql/jobs/job-queue.ts';
import { mirrorStores } from '../../src/adapters/sql/mirror/mirror.fixture.ts';
import { openPostgres } from '../../src/adapters/sql/postgres/postgres.ts';
import { purgeStores } from '../../src/adapters/sql/purge/purge.fixture.ts';
import { sqlRegistryStore } from '../../src/adapters/sql/registry/registry-store.ts';
import { moveRun } from '../../src/adapters/sql/tracking/move-run.fixture.ts';
import { sqlRunOwners } from '../../src/adapters/sql/tracking/run-owners.ts';
import { runSearch } from '../../src/adapters/sql/tracking/run-search/run-search.ts';
import { sqlTrackingStores } from '../../src/adapters/sql/tracking/tracking-stores.ts';
import { sqlWebhookStore } from '../../src/adapters/sql/registry/webhook-store.ts';
import { mirrorQueueContract } from '../../src/exchange/mirror/queue.contract.ts';
import { jobQueueContract } from '../../src/pipeline/job-queue.contract.ts';
import { newRunId } from '../../src/kernel/ids.ts';
import { registryImportContract } from '../../src/registry/import-store.contract.ts';
import { registryStoreContract } from '../../src/registry/store.contract.ts';
import { webhookStoreContract } from '../../src/registry/webhooks/store.contract.ts';
import { batchStoreContract } from '../../src/serving/batch/store.contract.ts';
import { experimentActivityContract } from '../../src/tracking/experiment-activity.contract.ts';
import { experimentStoreContract } from '../../src/tracking/experiment-store.contract.ts';
import { importStoreContract } from '../../src/tracking/import-store.contract.ts';
import {
  loggedModelStoreContract,
  type OpenLoggedModelStore,
} from '../../src/tracking/logged-model-store.contract.ts';
import { metricStoreContract } from '../../src/tracking/metric-store.contract.ts';
import { type OpenPurge, purgeStoreContract } from '../../src/tracking/purge-store.contract.ts';
import { runMovesContract } from '../../src/tracking/run-moves.contract.ts';
import { runOwnersContract } from '../../src/tracking/run-owners.contract.ts';
import { runSearchAgreement } from '../../src/tracking/run-search-agreement.contract.ts';
import { runKeysContract } from '../../src/tracking/run-keys.contract.ts';
import { runLimitsContract } from '../../src/tracking/run-limits.contract.ts';
import { runSearchContract } from '../../src/tracking/run-search.contract.ts';
import { runStoreContract } from '../../src/tracking/run-store.contract.ts';
import { runListContract } from '../../src/tracking/run-list.contract.ts';
import { runLogContract } from '../../src/tracking/run-log.contract.ts';
import { runTaskStoreContract } from '../../src/tracking/run-task-store.contract.ts';
import { newSchema } from './postgres-schema.ts';

const server = process.env['MODELYARD_COMPAT_POSTGRES'];
const why = server === undefined ? ' (skipped: MODELYARD_COMPAT_POSTGRES names no database)' : '';

describe.skipIf(server === undefined)(`stores on PostgreSQL${why}`, () => {
  experimentStoreContract('postgres', openStores);
  experimentActivityContract('postgres', openStores);
  runKeysContract('postgres', openStores);
  runStoreContract('postgres', openStores);
  runLogContract('postgres', openStores);
  runListContract('postgres', openStores);
  runTaskStoreContract('postgres', openStores);
  runSearchContract('postgres', openStores);
  runLimitsContract('postgres', openStores);
  runSearchAgreement('postgres', openStores);
  metricStoreContract('postgres', openStores);
  purgeStoreContract('postgres', openPurges);
  runMovesContract('postgres', openPurges);
  runOwnersContract('postgres', openPurges);
  jobQueueContract('postgres', openJobQueue);
  batchStoreContract('postgres', openBatches);
  loggedModelStoreContract('postgres', openLoggedModels);
  importStoreContract('postgres', async () => {
    const opened = withStore(await openStores(), sqlImportStore);
    return { ...opened, loggedModels: sqlLoggedModelStore(opened.database) };
  });
  registryImportContract('postgres', async () => {
    const opened = withStore(await openStores(), sqlRegistryImport);
    return { ...opened, notes: sqlImportStore(opened.database) };
  });
  registryStoreContract('postgres', async () => withStore(await openStores(), sqlRegistryStore));
  mirrorQueueContract('postgres', openMirrorQueue);
  webhookStoreContract('postgres', async () => withStore(await openStores(), sqlWebhookStore));

  test('emptying a database restarts its ids at 1', async () => {
    await using opened = await openStores();
    for (const round of [1, 2]) {
      expect(await opened.experiments.create({ name: 'a', tags: [], now: round })).toBe('1');
      expect(await opened.experiments.create({ name: 'b', tags: [], now: round })).toBe('2');
      await emptyDatabase(opened.database);
      expect(await opened.experiments.getByName('a')).toBeUndefined();
    }
  });
});

/** All stores of one new schema. Disposal drops it. */
async function openStores() {
  const schema = await newSchema(server ?? '');
  const database = await openPostgres(schema.url);
  return {
    database,
    ...sqlTrackingStores(database),
    searchOf: (few: number) => runSearch(database, { few }),
    move: (id: string, experimentId: string) => moveRun(database, id, experimentId),
    registry: sqlRegistryStore(database),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await schema[Symbol.asyncDispose]();
    },
  };
}

async function openPurges(): Promise<OpenPurge> {
  const { database, ...opened } = await openStores();
  return { ...purgeStores(database), [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
}

/** Two processes over one schema. */
async function openTwice() {
  const schema = await newSchema(server ?? '');
  const [database, other] = [await openPostgres(schema.url), await openPostgres(schema.url)];
  return {
    database,
    other,
    owners: sqlRunOwners(database),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      await schema[Symbol.asyncDispose]();
    },
  };
}

async function openJobQueue() {
  const { database, other, ...opened } = await openTwice();
  return { ...opened, queue: sqlJobQueue(database), other: sqlJobQueue(other) };
}

async function openBatches() {
  const { database, other, ...opened } = await openTwice();
  return { ...opened, batches: sqlBatchStore(database), other: sqlBatchStore(other) };
}

async function openMirrorQueue() {
  const opened = await openStores();
  return { ...mirrorStores(opened.database, 'postgres'), [Symbol.asyncDispose]: opened[Symbol.asyncDispose] };
}

function withStore<Opened extends { readonly database: Database }, Store>(
  opened: Opened,
  storeOf: (database: Database) => Store,
): Opened & { readonly store: Store } {
  return { ...opened, store: storeOf(opened.database) };
}

async function openLoggedModels(): Promise<OpenLoggedModelStore> {
  const { database, ...opened } = await openStores();
  const { sql, transaction } = database;
  const experiments = await Promise.all(
    ['first', 'second', 'gone'].map((name) => opened.experiments.ensure(name, 1)),
  );
  const [first = '', second = '', gone = ''] = experiments.map(({ id }) => id);
  const run = newRunId();
  await opened.runs.create({ id: run, experimentId: first, name: 'run', startedAt: 1 });
  const deletion = sql
    .updateTable('experiments')
    .set({ lifecycle_stage: 'deleted' })
    .where('id', '=', Number(gone));
  await transaction((open) => open.run([deletion]));
  return {
    ...opened,
    store: sqlLoggedModelStore(database),
    experiments: [first, second],
    deletedExperiment: gone,
    run,
    async log(modelId, points) {
      const rows = points.map(({ key, value, step, timestamp, runId, datasetName, datasetDigest }) => ({
        model_id: modelId,
        key,
        dataset_name: datasetName ?? '',
        dataset_digest: datasetDigest ?? '',
        timestamp,
        step,
        value: Number.isNaN(value) ? 0 : value,
        is_nan: Number.isNaN(value) ? 1 : 0,
        run_id: runId,
      }));
      await transaction((open) => open.run([sql.insertInto('model_metrics').values(rows)]));
    },
  };
}
