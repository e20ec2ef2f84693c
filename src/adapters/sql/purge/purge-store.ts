import type { PurgeItem, PurgeKind, PurgeStore } from '../../../tracking/purge-store.ts';
import type { Database } from '../database.ts';
import { purgedFolders } from './purge-folders.ts';
import { purgePlan } from './purge-plan.ts';
import { removeExperiment, removeLoggedModels, removeRegisteredModel, removeRuns } from './purge-removal.ts';
import { chunksOf } from '../../../kernel/chunks.ts';

/** The most runs and metric points per transaction, since other writers wait for it. */
const mostRuns = 100;
const mostPoints = 50_000;

/** Permanently removes deleted items from a SQL database. */
export function sqlPurgeStore(database: Database): PurgeStore {
  const { sql, transaction } = database;
  return {
    plan: (selection) => purgePlan(database, selection),
    remove: (items, now) => remove(database, items, now),
    folders: (limit) => purgedFolders(database, limit),
    async forgetFolder(location) {
      const gone = sql.deleteFrom('purged_folders').where('location', '=', location);
      await transaction(({ run }) => run([gone]));
    },
  };
}

async function remove(
  database: Database,
  items: readonly PurgeItem[],
  now: number,
): Promise<readonly PurgeItem[]> {
  const { sql, transaction } = database;
  const gone: Readonly<Record<PurgeKind, Set<string>>> = {
    run: new Set(),
    'logged model': new Set(),
    experiment: new Set(),
    'registered model': new Set(),
  };
  const note = (kind: PurgeKind, ids: readonly string[]): void => ids.forEach((id) => gone[kind].add(id));
  const idsOf = (requested: PurgeKind): readonly string[] =>
    items.flatMap(({ kind, id }) => (kind === requested && !gone[kind].has(id) ? [id] : []));

  for (const ids of await batchesOf(database, idsOf('run'))) {
    const removed = await transaction((open) => removeRuns(sql, open, { ids, now }));
    note('run', removed.runs);
    note('logged model', removed.loggedModels);
  }
  for (const ids of chunksOf(idsOf('logged model'), mostRuns))
    note('logged model', await transaction((open) => removeLoggedModels(sql, open, { ids, now })));
  for (const id of idsOf('experiment'))
    if (await transaction((open) => removeExperiment(sql, open, { id, now }))) note('experiment', [id]);
  for (const name of idsOf('registered model'))
    if (await transaction((open) => removeRegisteredModel(sql, open, name))) note('registered model', [name]);
  return items.filter(({ kind, id }) => gone[kind].has(id));
}

/** Groups runs into transactions. A run with many points gets its own. */
async function batchesOf(
  { sql, read }: Database,
  runs: readonly string[],
): Promise<readonly (readonly string[])[]> {
  const batches: string[][] = [];
  for (const ids of chunksOf(runs, mostRuns)) {
    const [{ rows }] = await read([
      sql
        .selectFrom('metrics')
        .select((row) => ['run_id', row.fn.countAll<number>().as('points')])
        .where('run_id', 'in', ids)
        .groupBy('run_id'),
    ]);
    const points = new Map(rows.map((row) => [row.run_id, row.points]));
    let room = 0;
    for (const id of ids) {
      const size = points.get(id) ?? 0;
      const batch = batches.at(-1);
      if (batch && size <= room && batch.length < mostRuns) batch.push(id);
      else {
        batches.push([id]);
        room = mostPoints;
      }
      room -= size;
    }
  }
  return batches;
}
