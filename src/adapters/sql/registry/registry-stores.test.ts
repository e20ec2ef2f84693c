import { modelCatalogueContract } from '../../../registry/catalogue.contract.ts';
import type { ModelCatalogue } from '../../../registry/catalogue.ts';
import type { RegistryStore } from '../../../registry/store.ts';
import { webhookStoreContract } from '../../../registry/webhooks/store.contract.ts';
import type { Database } from '../database.ts';
import { sqlModelCatalogue } from './registry-catalogue.ts';
import { sqlRegistryStore } from './registry-store.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlWebhookStore } from './webhook-store.ts';

modelCatalogueContract('sqlite', () => openStores(sqlModelCatalogue));
webhookStoreContract('sqlite', () => openStores(sqlWebhookStore));

interface Opened<Store> extends AsyncDisposable {
  readonly store: Store;
  readonly catalogue: ModelCatalogue;
  readonly pipeline: RegistryStore;
}

async function openStores<Store>(storeOf: (database: Database) => Store): Promise<Opened<Store>> {
  const database = await emptySqlite();
  return {
    store: storeOf(database),
    catalogue: sqlModelCatalogue(database),
    pipeline: sqlRegistryStore(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
