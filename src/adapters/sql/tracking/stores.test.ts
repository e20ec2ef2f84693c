import { trackingStoreContract } from '../../../tracking/store.contract.ts';
import type { Database } from '../database.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlTrackingStore } from './tracking-store.ts';

trackingStoreContract('sqlite', () => openStore(sqlTrackingStore));

async function openStore<Store>(
  storeOf: (database: Database) => Store,
): Promise<{ readonly store: Store } & AsyncDisposable> {
  const database = await emptySqlite();
  return {
    store: storeOf(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
