import type { Compilable, Kysely } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { RunId } from '../../../kernel/ids.ts';
import type { Experiment, NewRun, RunBatch } from '../../../tracking/model.ts';
import { linkWrites } from './run-links.ts';
import { runTag } from '../../../tracking/record.ts';
import type { RunFilter, TrackingStore } from '../../../tracking/store.ts';
import type { Database } from '../database.ts';
import {
  conflictsOf,
  entriesOf,
  keyValues,
  logWriter,
  refuseOtherValues,
  type LogWriter,
} from './log-batch.ts';
import { pageBytes } from '../../../tracking/run-limits.ts';
import { fittingIds } from './run-records.ts';
import { runsComeBack } from './experiment-store.ts';
import { artifactUri, noRun, pipelineSource, runExists } from './run-facts.ts';
import { refuseEntries, refuseNewEntries } from './run-entry-checks.ts';
import { killGoingOn } from './run-owners.ts';
import { datasetRow, metricPoint, runDataset, runTask, runsOf, taskRow, type RunRow } from './run-rows.ts';
import type { Tables } from '../tables.ts';

export interface TrackingOptions {
  /** The process whose runs these are, where several have the database. @default none */
  readonly owner?: string;
}

/** Experiments and runs in a SQL database. */
export function sqlTrackingStore(database: Database, options: TrackingOptions = {}): TrackingStore {
  const { sql } = database;
  const log = logWriter(sql);
  return {
    ensureExperiment: (name, now) => ensureExperiment(database, name, now),
    async findExperiment(name) {
      const [{ rows }] = await database.read([experimentNamed(sql, name)]);
      return rows.map(experimentOf)[0];
    },
    createRun: (run) => createRun({ database, log, owner: options.owner }, run),
    logBatch: (runId, batch) => logBatch({ database, log, runId }, batch),
    async endRun(runId, status, endedAt) {
      await database.transaction(async ({ run }) => {
        const ended = sql.updateTable('runs').set({ status, ended_at: endedAt }).where('id', '=', runId);
        const [{ numAffectedRows }] = await run([ended]);
        if (!numAffectedRows) throw noRun(runId);
      });
    },
    async findRun(runId) {
      return (await readRuns(database, sql.selectFrom('runs').where('id', '=', runId).select('id')))[0];
    },
    async findRuns(runIds) {
      if (!runIds.length) return [];
      return readRuns(database, sql.selectFrom('runs').where('id', 'in', runIds).select('id'));
    },
    async listRuns(filter) {
      const [{ rows }] = await database.read([runIds(sql, filter)]);
      const ids = rows.map(({ id }) => id);
      const { fitting } = await fittingIds(database, ids, { room: pageBytes, isFirst: true });
      if (!fitting.length) return [];
      return readRuns(database, sql.selectFrom('runs').where('id', 'in', fitting).select('id'));
    },
    async metricHistory(runId, key) {
      const points = sql.selectFrom('metrics').selectAll().where('run_id', '=', runId).where('key', '=', key);
      const [{ rows }] = await database.read([points.orderBy('timestamp').orderBy('step').orderBy('value')]);
      return rows.map(metricPoint);
    },
    async saveTasks(runId, tasks) {
      await writeToRun(
        database,
        runId,
        tasks.map((task) => saveTask(sql, taskRow(runId, task))),
      );
    },
    async listTasks(runId) {
      const [{ rows }] = await database.read([
        sql
          .selectFrom('run_tasks')
          .selectAll()
          .where('run_id', '=', runId)
          .orderBy('position')
          .orderBy('task'),
      ]);
      return rows.map(runTask);
    },
    async saveDatasets(runId, datasets) {
      const rows = datasets.map((dataset) => datasetRow(runId, dataset));
      const inserts = rows.map((row) =>
        sql
          .insertInto('run_datasets')
          .values(row)
          .onConflict((same) => same.doNothing()),
      );
      await writeToRun(database, runId, inserts);
    },
    async listDatasets(runId) {
      const [{ rows }] = await database.read([
        sql
          .selectFrom('run_datasets')
          .selectAll()
          .where('run_id', '=', runId)
          .orderBy('direction')
          .orderBy('name'),
      ]);
      return rows.map(runDataset);
    },
    logInputs: (runId, datasets) =>
      database.transaction(async ({ run }) => {
        const [{ rows }] = await run([
          sql.selectFrom('runs').select('experiment_id').where('id', '=', runId),
        ]);
        const [found] = rows;
        if (!found) throw noRun(runId);
        await run(linkWrites(sql, { runId, experimentId: found.experiment_id }, { datasets }));
      }),
    killUnfinished: (endedAt) =>
      database.transaction(async ({ run }) => {
        const [{ numAffectedRows }] = await run([killGoingOn(sql, endedAt)]);
        return Number(numAffectedRows ?? 0);
      }),
  };
}

async function ensureExperiment(database: Database, name: string, now: number): Promise<Experiment> {
  return database.transaction(async ({ run }) => {
    const insert = database.sql.insertInto('experiments').values({ name, created_at: now, updated_at: now });
    const [, , , , { rows }] = await run([
      insert.onConflict((same) => same.doNothing()),
      giveLocation(database.sql, name),
      ...restoring(database.sql, name, now),
      experimentNamed(database.sql, name),
    ]);
    const [experiment] = rows.map(experimentOf);
    if (experiment) return experiment;
    throw new PlatformError('INTERNAL', {
      field: 'experiment',
      value: name,
      remedy: 'It was written and not found again.',
    });
  });
}

/** A project that writes to its experiment again wants it back, with the runs that went with it. */
function restoring(sql: Kysely<Tables>, name: string, now: number) {
  const deleted = sql
    .selectFrom('experiments')
    .select('id')
    .where('name', '=', name)
    .where('lifecycle_stage', '=', 'deleted');
  const experiment = sql
    .updateTable('experiments')
    .set({ lifecycle_stage: 'active', updated_at: now })
    .where('id', 'in', deleted);
  return [runsComeBack(sql).where('experiment_id', 'in', deleted), experiment] as const;
}

interface RunMaker {
  readonly database: Database;
  readonly log: LogWriter;
  readonly owner: string | undefined;
}

async function createRun({ database, log, owner }: RunMaker, run: NewRun): Promise<void> {
  const { sql, transaction } = database;
  const { id, experimentId, parentId, plan, name, startedAt, tags = {} } = run;
  const facts = { [runTag.name]: name, ...(parentId && { [runTag.parent]: parentId }) };
  const entries = { tags: keyValues({ ...tags, ...facts }) };
  await transaction(async (open) => {
    const [experiment, parent, same] = await open.run([
      sql.selectFrom('experiments').select('artifact_location').where('id', '=', Number(experimentId)),
      sql
        .selectFrom('runs')
        .select('id')
        .where('id', '=', parentId ?? id),
      sql.selectFrom('runs').select('id').where('id', '=', id),
    ]);
    const [home] = experiment.rows;
    if (!home) throw wrongRun('experiment', experimentId, 'There is none of this id: make it first.');
    if (same.rows.length) throw wrongRun('run', id, 'There is a run of this id: give a new one.');
    refuseNewEntries(id, entries);
    if (parentId && !parent.rows.length) throw noRun(parentId);
    await open.run([
      sql.insertInto('runs').values({
        id,
        experiment_id: Number(experimentId),
        parent_id: parentId ?? null,
        name,
        source_type: pipelineSource,
        artifact_uri: artifactUri(home.artifact_location, id),
        status: 'RUNNING',
        started_at: startedAt,
        ended_at: null,
        plan: plan ?? null,
        owner: owner ?? null,
      }),
      ...log.writes(id, entries),
    ]);
  });
}

interface BatchTarget {
  readonly database: Database;
  readonly log: LogWriter;
  readonly runId: RunId;
}

async function logBatch({ database, log, runId }: BatchTarget, batch: RunBatch): Promise<void> {
  const entries = entriesOf(batch);
  const { params = [] } = entries;
  const writes = log.writes(runId, entries);
  if (await database.writeIf(log.conditions(runId, entries), writes)) return;
  await database.transaction(async ({ run }) => {
    const [{ rows }, known] = await run([runExists(database.sql, runId), log.known(runId, params)]);
    if (!rows.length) throw noRun(runId);
    refuseOtherValues(conflictsOf(params, known.rows));
    await refuseEntries(database.sql, { run }, { id: runId, entries });
    await run(writes);
  });
}

/** Writes what belongs to a run. @throws PlatformError RUN_NOT_FOUND */
async function writeToRun(
  { sql, transaction }: Database,
  runId: RunId,
  writes: readonly Compilable[],
): Promise<void> {
  await transaction(async ({ run }) => {
    const [{ rows }] = await run([runExists(sql, runId)]);
    if (!rows.length) throw noRun(runId);
    await run(writes);
  });
}

type IdQuery = ReturnType<typeof runIds>;

/** Runs with all that hangs on them, of one moment. */
async function readRuns({ sql, read }: Database, ids: IdQuery) {
  const [runs, params, metrics, tags] = await read([
    sql
      .selectFrom('runs')
      .select(['id', 'experiment_id', 'parent_id', 'name', 'status', 'started_at', 'ended_at', 'plan'])
      .where('id', 'in', ids)
      .orderBy('started_at', 'desc')
      .orderBy('id', 'desc'),
    sql.selectFrom('params').selectAll().where('run_id', 'in', ids),
    sql.selectFrom('latest_metrics').selectAll().where('run_id', 'in', ids),
    sql.selectFrom('run_tags').selectAll().where('run_id', 'in', ids),
  ]);
  const rows: readonly RunRow[] = runs.rows;
  return runsOf(rows, { params: params.rows, metrics: metrics.rows, tags: tags.rows });
}

function runIds(sql: Kysely<Tables>, { experimentId, parentId, startedBefore, limit }: RunFilter) {
  return sql
    .selectFrom('runs')
    .select('id')
    .where('lifecycle_stage', '=', 'active')
    .$if(experimentId !== undefined, (runs) => runs.where('experiment_id', '=', Number(experimentId)))
    .$if(parentId === null, (runs) => runs.where('parent_id', 'is', null))
    .$if(typeof parentId === 'string', (runs) => runs.where('parent_id', '=', parentId ?? null))
    .$if(startedBefore !== undefined, (runs) => runs.where('started_at', '<', startedBefore ?? 0))
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
}

/** Clients find the artifacts of an experiment below its id, which is known when it is there. */
function giveLocation(sql: Kysely<Tables>, name: string): Compilable {
  return sql
    .updateTable('experiments')
    .set((row) => ({
      artifact_location: row.fn<string>('concat', [
        row.cast<string>(row.val('mlflow-artifacts:/'), 'text'),
        'id',
      ]),
    }))
    .where('name', '=', name)
    .where('artifact_location', '=', '');
}

function experimentNamed(sql: Kysely<Tables>, name: string) {
  return sql.selectFrom('experiments').select(['id', 'name', 'created_at']).where('name', '=', name);
}

function experimentOf(row: {
  readonly id: number;
  readonly name: string;
  readonly created_at: number;
}): Experiment {
  return { id: String(row.id), name: row.name, createdAt: row.created_at };
}

function saveTask(sql: Kysely<Tables>, row: ReturnType<typeof taskRow>): Compilable {
  const { run_id: _run, task: _task, ...rest } = row;
  return sql
    .insertInto('run_tasks')
    .values(row)
    .onConflict((same) => same.columns(['run_id', 'task']).doUpdateSet(rest));
}

function wrongRun(field: string, value: string, remedy: string): PlatformError {
  return new PlatformError('INPUT_INVALID', { field, value, remedy });
}
