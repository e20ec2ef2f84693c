import { digestOf } from '../../../kernel/digest.ts';
import { newRunId } from '../../../kernel/ids.ts';
import type { OpenPurge } from '../../../tracking/purge-store.contract.ts';
import type { Database } from '../database.ts';
import { sqlLoggedModelStore } from '../tracking/logged-model-store.ts';
import { sqlPurgeStore } from './purge-store.ts';
import { sqlRegistryStore } from '../registry/registry-store.ts';
import { sqlRunMoves } from '../tracking/run-moves.ts';
import { sqlRunOwners } from '../tracking/run-owners.ts';
import type { Tables } from '../tables.ts';
import { sqlTrackingStores } from '../tracking/tracking-stores.ts';
import { putAlias, removeAlias } from '../../../registry/store.fixture.ts';

const tables = [
  'experiments',
  'experiment_tags',
  'runs',
  'run_tags',
  'params',
  'metrics',
  'latest_metrics',
  'run_tasks',
  'run_datasets',
  'run_inputs',
  'run_input_tags',
  'datasets',
  'run_models',
  'model_metrics',
  'logged_models',
  'logged_model_params',
  'logged_model_tags',
  'mirror_queue',
  'mirror_remote_ids',
  'imported',
  'purged_folders',
] as const satisfies readonly (keyof Tables)[];

/** Stores of an empty database, and helpers for tests of purges and moves. */
export function purgeStores(database: Database): OpenPurge {
  const registry = sqlRegistryStore(database);
  const { sql } = database;
  return {
    ...sqlTrackingStores(database),
    loggedModels: sqlLoggedModelStore(database),
    purge: sqlPurgeStore(database),
    moves: sqlRunMoves(database),
    owners: sqlRunOwners(database),
    ownedBy: (owner) => sqlTrackingStores(database, { owner }).runs,
    async register({ model, source, runId, loggedModelId }) {
      if (!(await registry.findModel(model)))
        await registry.createModel({ name: model, description: '', tags: {}, at: 1 });
      const version = { model, source, storage: source, runId, runLink: '', loggedModelId };
      return (await registry.createVersion({ ...version, description: '', tags: {}, at: 1 })).version;
    },
    async registerOurs(model, runId) {
      const folder = digestOf(newRunId());
      return (await registry.register({ model, runId, folder, metrics: {}, createdAt: 1 })).version;
    },
    async alias(model, version) {
      await putAlias(registry, { model, version, alias: 'prod' }, { by: 'me', at: 1 });
    },
    async unalias(model) {
      await removeAlias(registry, { model, alias: 'prod' }, { by: 'me', at: 1 });
    },
    async unregister(model, version) {
      await registry.deleteVersion({ model, version }, { by: 'me', at: 1 });
    },
    async tablesWith(text) {
      const found = await database.read(tables.map((table) => sql.selectFrom(table).selectAll()));
      return tables.filter((_table, index) => JSON.stringify(found[index]?.rows).includes(text));
    },
    async activateUnchecked(id) {
      await database.transaction(({ run }) =>
        run([
          sql
            .updateTable('runs')
            .set({ lifecycle_stage: 'active', deleted_at: null, deleted_with_experiment: 0 })
            .where('id', '=', id),
        ]),
      );
    },
    async nestUnchecked(id, parent) {
      await database.transaction(({ run }) =>
        run([sql.updateTable('runs').set({ parent_id: parent }).where('id', '=', id)]),
      );
    },
    async datasets() {
      const [{ rows }] = await database.read([
        sql.selectFrom('datasets').select(['experiment_id', 'name']).orderBy('id'),
      ]);
      return rows.map(({ experiment_id, name }) => `${experiment_id} ${name}`);
    },
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
}
