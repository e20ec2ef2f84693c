import { experimentStoreContract } from '../../../tracking/experiment-store.contract.ts';
import { metricStoreContract } from '../../../tracking/metric-store.contract.ts';
import { runSearchAgreement, type OpenRunSearch } from '../../../tracking/run-search-agreement.contract.ts';
import { runLimitsContract } from '../../../tracking/run-limits.contract.ts';
import { runSearchContract } from '../../../tracking/run-search.contract.ts';
import { runStoreContract } from '../../../tracking/run-store.contract.ts';
import { sqlExperimentStore } from './experiment-store.ts';
import { sqlMetricStore } from './metric-store.ts';
import { moveRun } from './move-run.fixture.ts';
import { runSearch } from './run-search/run-search.ts';
import { sqlRunStore } from './run-store.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlTrackingStore } from './tracking-store.ts';

experimentStoreContract('sqlite', openStores);
runStoreContract('sqlite', openStores);
runSearchContract('sqlite', openStores);
runLimitsContract('sqlite', openStores);
runSearchAgreement('sqlite', openStores);
metricStoreContract('sqlite', openStores);

async function openStores(): Promise<OpenRunSearch> {
  const database = await emptySqlite();
  return {
    experiments: sqlExperimentStore(database),
    runs: sqlRunStore(database),
    metrics: sqlMetricStore(database),
    tracking: sqlTrackingStore(database),
    searchOf: (few) => runSearch(database, { few }),
    move: (id, experimentId) => moveRun(database, id, experimentId),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
