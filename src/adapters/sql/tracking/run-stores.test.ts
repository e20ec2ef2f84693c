import { experimentActivityContract } from '../../../tracking/experiment-activity.contract.ts';
import { experimentStoreContract } from '../../../tracking/experiment-store.contract.ts';
import { metricStoreContract } from '../../../tracking/metric-store.contract.ts';
import { runSearchAgreement, type OpenRunSearch } from '../../../tracking/run-search-agreement.contract.ts';
import { runKeysContract } from '../../../tracking/run-keys.contract.ts';
import { runLimitsContract } from '../../../tracking/run-limits.contract.ts';
import { runSearchContract } from '../../../tracking/run-search.contract.ts';
import { runListContract } from '../../../tracking/run-list.contract.ts';
import { runLogContract } from '../../../tracking/run-log.contract.ts';
import { runTaskStoreContract } from '../../../tracking/run-task-store.contract.ts';
import { runStoreContract } from '../../../tracking/run-store.contract.ts';
import { moveRun } from './move-run.fixture.ts';
import { runSearch } from './run-search/run-search.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlTrackingStores } from './tracking-stores.ts';

experimentStoreContract('sqlite', openStores);
experimentActivityContract('sqlite', openStores);
runKeysContract('sqlite', openStores);
runStoreContract('sqlite', openStores);
runLogContract('sqlite', openStores);
runListContract('sqlite', openStores);
runTaskStoreContract('sqlite', openStores);
runSearchContract('sqlite', openStores);
runLimitsContract('sqlite', openStores);
runSearchAgreement('sqlite', openStores);
metricStoreContract('sqlite', openStores);

async function openStores(): Promise<OpenRunSearch> {
  const database = await emptySqlite();
  return {
    ...sqlTrackingStores(database),
    searchOf: (few) => runSearch(database, { few }),
    move: (id, experimentId) => moveRun(database, id, experimentId),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
