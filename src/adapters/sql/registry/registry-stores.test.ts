import { registryStoreContract } from '../../../registry/store.contract.ts';
import type { RegistryStore } from '../../../registry/store.ts';
import { webhookStoreContract } from '../../../registry/webhooks/store.contract.ts';
import type { Database } from '../database.ts';
import { sqlRegistryStore } from './registry-store.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlWebhookStore } from './webhook-store.ts';

registryStoreContract('sqlite', () => openStores(sqlRegistryStore));
webhookStoreContract('sqlite', () => openStores(sqlWebhookStore));

interface Opened<Store> extends AsyncDisposable {
  readonly store: Store;
  readonly registry: RegistryStore;
}

async function openStores<Store>(storeOf: (database: Database) => Store): Promise<Opened<Store>> {
  const database = await emptySqlite();
  return {
    store: storeOf(database),
    registry: sqlRegistryStore(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
