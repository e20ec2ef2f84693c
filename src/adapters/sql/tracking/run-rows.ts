import type { Selectable } from 'kysely';
import type { Digest } from '../../../kernel/digest.ts';
import type { RunId } from '../../../kernel/ids.ts';
import type { MetricPoint, Run, RunDataset, RunStatus, RunTask } from '../../../tracking/model.ts';
import { runTag } from '../../../tracking/record.ts';
import { fromColumn, toColumn } from '../json-column.ts';
import type { Tables } from '../tables.ts';

export type RunRow = Pick<
  Selectable<Tables['runs']>,
  'id' | 'experiment_id' | 'parent_id' | 'name' | 'status' | 'started_at' | 'ended_at' | 'plan'
>;
export type TextRow = Selectable<Tables['params']>;
export type MetricRow = Selectable<Tables['metrics']>;
export type TaskRow = Selectable<Tables['run_tasks']>;
export type DatasetRow = Pick<
  Selectable<Tables['run_datasets']>,
  'run_id' | 'direction' | 'name' | 'digest' | 'task'
>;

/** Tags that a `Run` tells by its name and its parent. */
const ownFacts: ReadonlySet<string> = new Set(Object.values(runTag));

/** What hangs on runs, of many runs at once. */
export interface RunParts {
  readonly params: readonly TextRow[];
  readonly metrics: readonly MetricRow[];
  readonly tags: readonly TextRow[];
}

export function runsOf(rows: readonly RunRow[], parts: RunParts): readonly Run[] {
  const params = byRun(parts.params, ({ value }) => value);
  const metrics = byRun(parts.metrics, metricValue);
  const tags = byRun(
    parts.tags.filter(({ key }) => !ownFacts.has(key)),
    ({ value }) => value,
  );
  return rows.map((row) => ({
    id: row.id as RunId,
    experimentId: String(row.experiment_id),
    name: row.name,
    status: row.status as RunStatus,
    startedAt: row.started_at,
    endedAt: row.ended_at ?? undefined,
    parentId: (row.parent_id ?? undefined) as RunId | undefined,
    plan: (row.plan ?? undefined) as Digest | undefined,
    params: params.get(row.id) ?? {},
    metrics: metrics.get(row.id) ?? {},
    tags: tags.get(row.id) ?? {},
  }));
}

function byRun<Row extends { readonly run_id: string; readonly key: string }, Value>(
  rows: readonly Row[],
  valueOf: (row: Row) => Value,
): ReadonlyMap<string, Record<string, Value>> {
  const entries = new Map<string, [string, Value][]>();
  for (const row of rows) {
    const known = entries.get(row.run_id);
    const entry: [string, Value] = [row.key, valueOf(row)];
    if (known) known.push(entry);
    else entries.set(row.run_id, [entry]);
  }
  return new Map([...entries].map(([run, pairs]) => [run, Object.fromEntries(pairs)]));
}

export function metricRow(runId: string, { key, value, step, timestamp }: MetricPoint): MetricRow {
  const isNan = Number.isNaN(value);
  return { run_id: runId, key, value: isNan ? 0 : value, is_nan: isNan ? 1 : 0, step, timestamp };
}

export function metricPoint(row: MetricRow): MetricPoint {
  return { key: row.key, value: metricValue(row), step: row.step, timestamp: row.timestamp };
}

function metricValue({ value, is_nan }: Pick<MetricRow, 'value' | 'is_nan'>): number {
  return is_nan ? Number.NaN : value;
}

/** Of each key the point that counts as its last: the highest step, then the latest, then the largest, as in MLflow. */
export function latestOf(rows: readonly MetricRow[]): readonly MetricRow[] {
  const latest = new Map<string, MetricRow>();
  for (const row of rows) {
    const known = latest.get(row.key);
    if (!known || isLater(row, known)) latest.set(row.key, row);
  }
  return [...latest.values()];
}

function isLater(row: MetricRow, than: MetricRow): boolean {
  return (row.step - than.step || row.timestamp - than.timestamp || Math.sign(row.value - than.value)) > 0;
}

export function taskRow(runId: RunId, task: RunTask): TaskRow {
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

export function runTask(row: TaskRow): RunTask {
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

export function datasetRow(runId: RunId, { direction, name, digest, task }: RunDataset): DatasetRow {
  return { run_id: runId, direction, name, digest, task };
}

export function runDataset({ direction, name, digest, task }: DatasetRow): RunDataset {
  return { direction: direction as RunDataset['direction'], name, digest: digest as Digest, task };
}
