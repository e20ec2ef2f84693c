import { registryStoreContract } from '../../../registry/store.contract.ts';
import { trackingStoreContract } from '../../../tracking/store.contract.ts';
import type { Database } from '../database.ts';
import { sqlRegistryStore } from '../registry/registry-store.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlTrackingStore } from './tracking-store.ts';

trackingStoreContract('sqlite', () => openStore(sqlTrackingStore));
registryStoreContract('sqlite', () => openStore(sqlRegistryStore));

async function openStore<Store>(
  storeOf: (database: Database) => Store,
): Promise<{ readonly store: Store } & AsyncDisposable> {
  const database = await emptySqlite();
  return {
    store: storeOf(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
