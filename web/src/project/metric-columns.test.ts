import { expect, test } from 'vitest';
import type { MetricView, RunRow, VerdictView } from '../../../src/client/index.ts';
import { columnsOf, decisiveMetrics, valueIn } from './metric-columns.ts';

const metric = (name: string, value: number): MetricView =>
  ({ name, title: name.toUpperCase(), value, unit: null }) as MetricView;
const modelOf = (
  name: string,
  decisive: string | undefined,
  metrics: readonly MetricView[],
): RunRow['models'][number] => ({
  model: name,
  runId: name,
  version: 1,
  metrics,
  testData: null,
  verdict:
    decisive === undefined ? null : ({ facts: { rule: { when: { metric: decisive } } } } as VerdictView),
  notJudged: null,
  warnings: [],
});

test('each model of a run has the metric that decides on it', () => {
  const models = [
    modelOf('margin', 'mae', [metric('r2', 0.5), metric('mae', 9)]),
    modelOf('home-win', 'brier', [metric('brier', 0.2)]),
    modelOf('unjudged', undefined, [metric('smape', 7)]),
    modelOf('failed', undefined, []),
  ];
  expect(decisiveMetrics(models).map(({ model, metric: { name, value } }) => [model, name, value])).toEqual([
    ['margin', 'mae', 9],
    ['home-win', 'brier', 0.2],
    ['unjudged', 'smape', 7],
  ]);
});

test('columns are the metrics of all rows, and a row without one has a dash', () => {
  const columns = columnsOf([[metric('mae', 9)], [metric('mae', 8), metric('r2', 0.5)]]);
  expect(columns.map(({ title }) => title)).toEqual(['MAE', 'R2']);
  expect(columns.map((column) => valueIn([metric('mae', 9)], column, String))).toEqual(['9', '–']);
});
