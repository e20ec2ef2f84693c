import { newRunId } from '../../../kernel/ids.ts';
import {
  loggedModelStoreContract,
  type OpenLoggedModelStore,
} from '../../../tracking/logged-model-store.contract.ts';
import { sqlLoggedModelStore } from './logged-model-store.ts';
import { emptySqlite } from '../empty-sqlite.fixture.ts';
import { sqlTrackingStores } from './tracking-stores.ts';

loggedModelStoreContract('sqlite', openStore);

async function openStore(): Promise<OpenLoggedModelStore> {
  const database = await emptySqlite();
  const { sql, transaction } = database;
  const tracking = sqlTrackingStores(database);
  const experiments = await Promise.all(
    ['first', 'second', 'gone'].map((name) => tracking.experiments.ensure(name, 1)),
  );
  const [first = '', second = '', gone = ''] = experiments.map(({ id }) => id);
  const run = newRunId();
  await tracking.runs.create({ id: run, experimentId: first, name: 'run', startedAt: 1 });
  const deletion = sql
    .updateTable('experiments')
    .set({ lifecycle_stage: 'deleted' })
    .where('id', '=', Number(gone));
  await transaction((open) => open.run([deletion]));
  return {
    store: sqlLoggedModelStore(database),
    experiments: [first, second],
    deletedExperiment: gone,
    run,
    async log(modelId, points) {
      const rows = points.map(({ key, value, step, timestamp, runId, datasetName, datasetDigest }) => ({
        model_id: modelId,
        key,
        dataset_name: datasetName ?? '',
        dataset_digest: datasetDigest ?? '',
        timestamp,
        step,
        value: Number.isNaN(value) ? 0 : value,
        is_nan: Number.isNaN(value) ? 1 : 0,
        run_id: runId,
      }));
      await transaction((open) => open.run([sql.insertInto('model_metrics').values(rows)]));
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
