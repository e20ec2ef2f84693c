import { jobQueueContract } from '../../../pipeline/job-queue.contract.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlRunOwners } from '../tracking/run-owners.ts';
import { sqlJobQueue } from './job-queue.ts';

jobQueueContract('sqlite', async () => {
  const database = await emptySqlite();
  return {
    queue: sqlJobQueue(database),
    other: sqlJobQueue(database),
    owners: sqlRunOwners(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
});
