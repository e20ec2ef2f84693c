import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { registryStoreContract } from '../../registry/store.contract.ts';
import { trackingStoreContract } from '../../tracking/store.contract.ts';
import type { Database } from './database.ts';
import { sqlRegistryStore } from './registry-store.ts';
import { openSqlite } from './sqlite.ts';
import { sqlTrackingStore } from './tracking-store.ts';

trackingStoreContract('sqlite', () => openStore(sqlTrackingStore));
registryStoreContract('sqlite', () => openStore(sqlRegistryStore));

async function openStore<Store>(
  storeOf: (database: Database) => Store,
): Promise<{ readonly store: Store } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-sql-'));
  const database = await openSqlite(join(folder, 'state.db'));
  return {
    store: storeOf(database),
    async [Symbol.asyncDispose]() {
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}
