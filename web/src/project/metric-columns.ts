import type { MetricView, RunRow } from '../../../src/client/index.ts';

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

interface ModelMetric {
  readonly model: string;
  readonly metric: MetricView;
}

/** For each model of a run the metric that decides on its versions; the first one before there is a verdict. */
export function decisiveMetrics(models: RunRow['models']): readonly ModelMetric[] {
  return models.flatMap(({ model, metrics, verdict }) => {
    const decisive = metrics.find(({ name }) => name === verdict?.facts.rule.when.metric) ?? metrics[0];
    return decisive ? [{ model, metric: decisive }] : [];
  });
}
