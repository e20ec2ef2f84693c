import { registryImportContract } from '../../../registry/import-store.contract.ts';
import { importStoreContract } from '../../../tracking/import-store.contract.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlExperimentStore } from '../tracking/experiment-store.ts';
import { sqlRegistryImport } from './import-registry.ts';
import { sqlImportStore } from './import-store.ts';
import { sqlLoggedModelStore } from '../tracking/logged-model-store.ts';
import { sqlMetricStore } from '../tracking/metric-store.ts';
import { sqlRegistryStore } from '../registry/registry-store.ts';
import { sqlRunStore } from '../tracking/run-store.ts';
import { sqlTrackingStore } from '../tracking/tracking-store.ts';

importStoreContract('sqlite', async () => {
  const database = await emptySqlite();
  return {
    store: sqlImportStore(database),
    experiments: sqlExperimentStore(database),
    runs: sqlRunStore(database),
    metrics: sqlMetricStore(database),
    tracking: sqlTrackingStore(database),
    loggedModels: sqlLoggedModelStore(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
});

registryImportContract('sqlite', async () => {
  const database = await emptySqlite();
  return {
    store: sqlRegistryImport(database),
    notes: sqlImportStore(database),
    registry: sqlRegistryStore(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
});
