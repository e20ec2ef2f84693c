import type { Compilable, Kysely } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { Json } from '../../../kernel/json.ts';
import {
  type ParamConflict,
  type RunChange,
  type RunEntries,
  type RunInfo,
  runTag,
} from '../../../tracking/model.ts';
import type { RunList, RunStore } from '../../../tracking/run-store.ts';
import type { Database, Transaction } from '../database.ts';
import { conflictsOf, logWriter, type LogWriter } from './log-batch.ts';
import { noRun, notActive, readActive, requireActive, runState, wrongRun } from './run-facts.ts';
import { refuseEntries } from './run-entry-checks.ts';
import { runCreator } from './run-creation.ts';
import { linkRun } from './run-links.ts';
import { killRunning } from './run-owners.ts';
import { readRuns, runInfo, runInfos } from './run-reader.ts';
import { countRuns, runSearch } from './run-search/run-search.ts';
import type { Tables } from '../tables.ts';

export interface RunStoreOptions {
  /** The process that pipeline runs belong to, where several use the database. @default none */
  readonly owner?: string;
}

/** Runs in a SQL database. */
export function sqlRunStore(database: Database, { owner }: RunStoreOptions = {}): RunStore {
  const { sql, transaction } = database;
  const log = logWriter(sql);
  const searchRunIds = runSearch(database);
  return {
    create: runCreator({ database, log, owner }),
    async get(id) {
      return (await readRuns(database, [id]))[0];
    },
    async getInfos(ids) {
      if (!ids.length) return [];
      const [{ rows }] = await database.read([runInfos(sql, ids)]);
      return rows.map(runInfo);
    },
    async idsWithPrefix(prefix, limit) {
      const found = sql.selectFrom('runs').select('id').where('id', 'like', `${prefix}%`);
      const [{ rows }] = await database.read([found.orderBy('id').limit(limit)]);
      return rows.map(({ id }) => id);
    },
    update: (id, change) => transaction((open) => update({ sql, log }, open, { id, change })),
    async end(id, status, endedAt) {
      const ended = sql.updateTable('runs').set({ status, ended_at: endedAt }).where('id', '=', id);
      const [{ numAffectedRows }] = await transaction(({ run }) => run([ended]));
      if (!numAffectedRows) throw noRun(id);
    },
    async killUnfinished(endedAt) {
      const [{ numAffectedRows }] = await transaction(({ run }) => run([killRunning(sql, endedAt)]));
      return Number(numAffectedRows ?? 0);
    },
    delete: (id, now) => transaction((open) => remove(sql, open, { id, now })),
    restore: (id) => transaction((open) => restore(sql, open, id)),
    async log(id, entries) {
      const written = await database.writeIf(log.conditions(id, entries), log.writes(id, entries));
      return written ? [] : transaction((open) => write({ sql, log }, open, { id, entries }));
    },
    deleteTag: (id, key) => transaction((open) => deleteTag(sql, open, { id, key })),
    addToTag: (id, key, item) => transaction((open) => addToTag({ sql, log }, open, { id, key, item })),
    link: (id, links) => transaction((open) => linkRun(sql, open, { id, links })),
    async search(query) {
      const ids = await searchRunIds(query);
      const items = await readRuns(database, ids.slice(0, query.limit), query.values);
      const isLast = items.length === ids.length;
      return { items, next: isLast ? undefined : query.offset + items.length };
    },
    count: (query) => countRuns(database, query),
    async list(list) {
      if (list.parentIds?.length === 0) return { runs: [], next: undefined };
      const [{ rows }] = await database.read([listedIds(sql, list)]);
      const page = rows.slice(0, list.limit);
      const runs = await readRuns(
        database,
        page.map(({ id }) => id),
      );
      const last = runs.at(-1)?.info;
      const isLast = runs.length === rows.length;
      return { runs, next: isLast || !last ? undefined : { startedAt: last.startedAt, id: last.id } };
    },
  };
}

/** One more than the limit, if there is one. */
function listedIds(
  sql: Kysely<Tables>,
  { experimentId, parentIds, tag, after, limit }: RunList,
): Compilable<{ readonly id: string }> {
  return sql
    .selectFrom('runs')
    .select('id')
    .where('lifecycle_stage', '=', 'active')
    .$if(experimentId !== undefined, (runs) => runs.where('experiment_id', '=', Number(experimentId)))
    .$if(parentIds === null, (runs) => runs.where('parent_id', 'is', null))
    .$if(Boolean(parentIds), (runs) => runs.where('parent_id', 'in', parentIds ?? []))
    .$if(tag !== undefined, (runs) =>
      runs.where((run) =>
        run.exists(
          run
            .selectFrom('run_tags')
            .select('run_id')
            .whereRef('run_id', '=', 'runs.id')
            .where('key', '=', tag ?? ''),
        ),
      ),
    )
    .$if(after !== undefined, (runs) =>
      runs.where((run) =>
        run(run.refTuple('started_at', 'id'), '<', run.tuple(after?.startedAt ?? 0, after?.id ?? '')),
      ),
    )
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1);
}

interface Writers {
  readonly sql: Kysely<Tables>;
  readonly log: LogWriter;
}

async function update(
  { sql, log }: Writers,
  open: Transaction,
  { id, change }: { readonly id: string; readonly change: RunChange },
): Promise<RunInfo> {
  await readActive(sql, open, id);
  const { status, endedAt, name } = change;
  if (status !== undefined || endedAt !== undefined)
    await open.run([
      sql
        .updateTable('runs')
        .set({ ...(status && { status }), ...(endedAt !== undefined && { ended_at: endedAt }) })
        .where('id', '=', id),
    ]);
  if (name !== undefined) await open.run(log.writes(id, { tags: [{ key: runTag.name, value: name }] }));
  const [{ rows }] = await open.run([runInfos(sql, [id])]);
  const [info] = rows.map(runInfo);
  if (!info) throw noRun(id);
  return info;
}

async function remove(
  sql: Kysely<Tables>,
  open: Transaction,
  { id, now }: { readonly id: string; readonly now: number },
): Promise<void> {
  const [{ rows }] = await open.run([
    runState(sql, id),
    sql
      .updateTable('runs')
      .set({ lifecycle_stage: 'deleted', deleted_at: now, deleted_with_experiment: 0 })
      .where('id', '=', id)
      .where('lifecycle_stage', '=', 'active'),
  ]);
  if (!rows.length) throw noRun(id);
}

async function restore(sql: Kysely<Tables>, open: Transaction, id: string): Promise<void> {
  const [{ rows }] = await open.run([
    sql
      .selectFrom('runs')
      .innerJoin('experiments', 'experiments.id', 'runs.experiment_id')
      .select(['runs.lifecycle_stage as run', 'experiments.lifecycle_stage as experiment', 'experiment_id'])
      .where('runs.id', '=', id),
  ]);
  const [row] = rows;
  if (!row) throw noRun(id);
  if (row.run === 'active') throw wrongRun(id, 'It is not deleted: there is nothing to restore.');
  if (row.experiment !== 'active') throw notActive('experiment', String(row.experiment_id));
  await open.run([
    sql
      .updateTable('runs')
      .set({ lifecycle_stage: 'active', deleted_at: null, deleted_with_experiment: 0 })
      .where('id', '=', id),
  ]);
}

async function write(
  { sql, log }: Writers,
  open: Transaction,
  { id, entries }: { readonly id: string; readonly entries: RunEntries },
): Promise<readonly ParamConflict[]> {
  const { params = [] } = entries;
  const [state, stored] = await open.run([runState(sql, id), log.storedParams(id, params)]);
  requireActive(id, state.rows);
  const conflicts = conflictsOf(params, stored.rows);
  if (!conflicts.length) await refuseEntries(sql, open, { id, entries });
  if (!conflicts.length) await open.run(log.writes(id, entries));
  return conflicts;
}

async function deleteTag(
  sql: Kysely<Tables>,
  open: Transaction,
  { id, key }: { readonly id: string; readonly key: string },
): Promise<void> {
  await readActive(sql, open, id);
  const [{ numAffectedRows }] = await open.run([
    sql.deleteFrom('run_tags').where('run_id', '=', id).where('key', '=', key),
    ...(key === runTag.parent ? [sql.updateTable('runs').set({ parent_id: null }).where('id', '=', id)] : []),
  ]);
  if (numAffectedRows) return;
  const remedy = `Run ${id} has no such tag.`;
  throw new PlatformError('TAG_NOT_FOUND', { field: 'tag', value: key, remedy });
}

async function addToTag(
  { sql, log }: Writers,
  open: Transaction,
  { id, key, item }: { readonly id: string; readonly key: string; readonly item: Json },
): Promise<void> {
  const tag = sql.selectFrom('run_tags').select('value').where('run_id', '=', id).where('key', '=', key);
  const [state, { rows }] = await open.run([runState(sql, id), tag]);
  requireActive(id, state.rows);
  const list = listIn(key, rows[0]?.value ?? '[]');
  const entries = { tags: [{ key, value: JSON.stringify([...list, item]) }] };
  await refuseEntries(sql, open, { id, entries });
  await open.run(log.writes(id, entries));
}

function listIn(key: string, text: string): readonly Json[] {
  const value = parsed(text);
  if (Array.isArray(value)) return value as readonly Json[];
  const remedy = 'The tag is not a list: delete it first.';
  throw new PlatformError('DATA_INVALID', { field: `tag ${key}`, value: text, remedy });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
