import { describe } from 'vitest';
import type { Database } from '../../src/adapters/sql/database.ts';
import { sqlExperimentStore } from '../../src/adapters/sql/experiment-store.ts';
import { sqlLoggedModelStore } from '../../src/adapters/sql/logged-model-store.ts';
import { sqlMetricStore } from '../../src/adapters/sql/metric-store.ts';
import { openPostgres } from '../../src/adapters/sql/postgres.ts';
import { sqlModelCatalogue } from '../../src/adapters/sql/registry-catalogue.ts';
import { sqlRegistryStore } from '../../src/adapters/sql/registry-store.ts';
import { sqlRunStore } from '../../src/adapters/sql/run-store.ts';
import { sqlTrackingStore } from '../../src/adapters/sql/tracking-store.ts';
import { sqlWebhookStore } from '../../src/adapters/sql/webhook-store.ts';
import { newRunId } from '../../src/kernel/ids.ts';
import { modelCatalogueContract } from '../../src/registry/catalogue.contract.ts';
import { registryStoreContract } from '../../src/registry/store.contract.ts';
import { webhookStoreContract } from '../../src/registry/webhooks/store.contract.ts';
import { experimentStoreContract } from '../../src/tracking/experiment-store.contract.ts';
import {
  loggedModelStoreContract,
  type OpenLoggedModelStore,
} from '../../src/tracking/logged-model-store.contract.ts';
import { metricStoreContract } from '../../src/tracking/metric-store.contract.ts';
import { runSearchContract } from '../../src/tracking/run-search.contract.ts';
import { runStoreContract } from '../../src/tracking/run-store.contract.ts';
import { trackingStoreContract } from '../../src/tracking/store.contract.ts';
import { newSchema } from './postgres-schema.ts';

const server = process.env['MODELYARD_COMPAT_POSTGRES'];
const why = server === undefined ? ' (skipped: MODELYARD_COMPAT_POSTGRES names no database)' : '';

describe.skipIf(server === undefined)(`stores on PostgreSQL${why}`, () => {
  trackingStoreContract('postgres', async () => withStore(await openStores(), sqlTrackingStore));
  experimentStoreContract('postgres', openStores);
  runStoreContract('postgres', openStores);
  runSearchContract('postgres', openStores);
  metricStoreContract('postgres', openStores);
  loggedModelStoreContract('postgres', openLoggedModels);
  registryStoreContract('postgres', async () => withStore(await openStores(), sqlRegistryStore));
  modelCatalogueContract('postgres', async () => withStore(await openStores(), sqlModelCatalogue));
  webhookStoreContract('postgres', async () => withStore(await openStores(), sqlWebhookStore));
});

/** All stores of one new schema, which goes with them. */
async function openStores() {
  const schema = await newSchema(server ?? '');
  const database = await openPostgres(schema.url);
  return {
    database,
    experiments: sqlExperimentStore(database),
    runs: sqlRunStore(database),
    metrics: sqlMetricStore(database),
    tracking: sqlTrackingStore(database),
    catalogue: sqlModelCatalogue(database),
    pipeline: sqlRegistryStore(database),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await schema[Symbol.asyncDispose]();
    },
  };
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
  const tracking = opened.tracking;
  const experiments = await Promise.all(
    ['first', 'second', 'gone'].map((name) => tracking.ensureExperiment(name, 1)),
  );
  const [first = '', second = '', gone = ''] = experiments.map(({ id }) => id);
  const run = newRunId();
  await tracking.createRun({ id: run, experimentId: first, name: 'run', startedAt: 1 });
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
