import { batchStoreContract } from '../../../serving/batch/store.contract.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlRunOwners } from '../tracking/run-owners.ts';
import { sqlBatchStore } from './batch-store.ts';

batchStoreContract('sqlite', async () => {
  const database = await emptySqlite();
  return {
    batches: sqlBatchStore(database),
    other: sqlBatchStore(database),
    owners: sqlRunOwners(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
});
