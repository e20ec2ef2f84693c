import type { MetricPoint } from '../../../tracking/model.ts';
import type { Selectable } from 'kysely';
import type { Tables } from '../tables.ts';

export const textColumns = ['run_id', 'key', 'value'] as const;
export const metricColumns = [...textColumns, 'is_nan', 'step', 'timestamp'] as const;

export type TextRow = Pick<Selectable<Tables['params']>, (typeof textColumns)[number]>;
export type MetricRow = Selectable<Tables['metrics']>;

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

/** The last point of each key: the highest step, then the latest time, then the largest value, as in MLflow. */
export function latestOf(rows: readonly MetricRow[]): readonly MetricRow[] {
  const latest = new Map<string, MetricRow>();
  for (const row of rows) {
    const last = latest.get(row.key);
    if (!last || isLater(row, last)) latest.set(row.key, row);
  }
  return [...latest.values()];
}

function isLater(row: MetricRow, than: MetricRow): boolean {
  return (row.step - than.step || row.timestamp - than.timestamp || Math.sign(row.value - than.value)) > 0;
}
