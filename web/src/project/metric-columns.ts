import type { MetricView } from '../../../src/client/index.ts';

export interface MetricColumn {
  readonly name: string;
  readonly title: string;
}

/** The metrics that any of the rows has, in the order in which they appear. */
export function columnsOf(rows: readonly (readonly MetricView[])[]): readonly MetricColumn[] {
  const columns = new Map<string, MetricColumn>();
  for (const { name, title, unit } of rows.flat()) {
    if (!columns.has(name)) columns.set(name, { name, title: unit === null ? title : `${title}, ${unit}` });
  }
  return [...columns.values()];
}

/** The row's number in a column, or a dash. */
export function valueIn(
  metrics: readonly MetricView[],
  column: MetricColumn,
  format: (value: number) => string,
): string {
  const metric = metrics.find(({ name }) => name === column.name);
  return metric ? format(metric.value) : '–';
}
