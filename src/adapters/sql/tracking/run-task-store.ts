import type { Compilable, Kysely, Selectable } from 'kysely';
import type { Digest } from '../../../kernel/digest.ts';
import type { RunId } from '../../../kernel/ids.ts';
import type { RunDataset, RunTask, RunTaskStore } from '../../../tracking/run-task-store.ts';
import type { Database } from '../database.ts';
import { groupRows } from '../group-rows.ts';
import { fromColumn, toColumn } from '../json-column.ts';
import type { Tables } from '../tables.ts';
import { noRun, runExists } from './run-facts.ts';

type TaskRow = Selectable<Tables['run_tasks']>;
type DatasetRow = Pick<
  Selectable<Tables['run_datasets']>,
  'run_id' | 'direction' | 'name' | 'digest' | 'task'
>;

/** Tasks of pipeline runs in a SQL database. */
export function sqlRunTaskStore(database: Database): RunTaskStore {
  const { sql } = database;
  return {
    async saveTasks(runId, tasks) {
      const rows = tasks.map((task) => taskRow(runId, task));
      await writeToRun(
        database,
        runId,
        rows.map((row) => saveTask(sql, row)),
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
    async listOutcomes(runIds, operations) {
      if (!runIds.length) return new Map();
      const [{ rows }] = await database.read([
        sql
          .selectFrom('run_tasks')
          .selectAll()
          .where('run_id', 'in', runIds)
          .where((task) => task.or([task('status', '=', 'failed'), task('operation', 'in', operations)]))
          .orderBy('run_id')
          .orderBy('position')
          .orderBy('task'),
      ]);
      const byRun = groupRows(rows, ({ run_id }) => run_id);
      return new Map([...byRun].map(([id, tasks]) => [id, tasks.map(runTask)]));
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
  };
}

/** @throws PlatformError RUN_NOT_FOUND, without writing */
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

function saveTask(sql: Kysely<Tables>, row: ReturnType<typeof taskRow>): Compilable {
  const { run_id: _run, task: _task, ...rest } = row;
  return sql
    .insertInto('run_tasks')
    .values(row)
    .onConflict((same) => same.columns(['run_id', 'task']).doUpdateSet(rest));
}

function taskRow(runId: RunId, task: RunTask): TaskRow {
  return {
    run_id: runId,
    task: task.task,
    operation: task.operation,
    declared_kind: task.declared.kind,
    declared_name: task.declared.name,
    position: task.position,
    status: task.status,
    cache_key: task.key ?? null,
    started_at: task.startedAt ?? null,
    ended_at: task.endedAt ?? null,
    needs: toColumn(task.needs),
    code: toColumn(task.code),
    outputs: toColumn(task.outputs),
    facts: toColumn(task.facts),
    error: task.error ? toColumn(task.error) : null,
  };
}

function runTask(row: TaskRow): RunTask {
  return {
    task: row.task,
    operation: row.operation,
    declared: { kind: row.declared_kind, name: row.declared_name },
    position: row.position,
    status: row.status as RunTask['status'],
    key: (row.cache_key ?? undefined) as Digest | undefined,
    startedAt: row.started_at ?? undefined,
    endedAt: row.ended_at ?? undefined,
    needs: fromColumn<RunTask['needs']>(row.needs),
    code: fromColumn<RunTask['code']>(row.code),
    outputs: fromColumn<RunTask['outputs']>(row.outputs),
    facts: fromColumn<RunTask['facts']>(row.facts),
    error: row.error === null ? undefined : fromColumn<NonNullable<RunTask['error']>>(row.error),
  };
}

function datasetRow(runId: RunId, { direction, name, digest, task }: RunDataset): DatasetRow {
  return { run_id: runId, direction, name, digest, task };
}

function runDataset({ direction, name, digest, task }: DatasetRow): RunDataset {
  return { direction: direction as RunDataset['direction'], name, digest: digest as Digest, task };
}
