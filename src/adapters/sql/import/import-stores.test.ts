import { registryImportContract } from '../../../registry/import-store.contract.ts';
import { importStoreContract } from '../../../tracking/import-store.contract.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlRegistryImport } from './import-registry.ts';
import { sqlImportStore } from './import-store.ts';
import { sqlLoggedModelStore } from '../tracking/logged-model-store.ts';
import { sqlRegistryStore } from '../registry/registry-store.ts';
import { sqlTrackingStores } from '../tracking/tracking-stores.ts';

importStoreContract('sqlite', async () => {
  const database = await emptySqlite();
  return {
    store: sqlImportStore(database),
    ...sqlTrackingStores(database),
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
