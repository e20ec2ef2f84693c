import type { Metric } from '../../project/metric.ts';
import { metricsOf, type ScoredRows } from '../metrics/metrics-of.ts';
import { surprise, type Values } from '../metrics/rows.ts';

/** Metrics by name; null is not measured. */
export type ReportMetrics = Readonly<Partial<Record<Metric, number | null>>>;

/** Some of the rows, by their indexes. */
export function partOf(scored: ScoredRows, rows: readonly number[]): ScoredRows {
  const pick = (values: Values): readonly number[] => rows.map((row) => values[row] as number);
  switch (scored.kind) {
    case 'number': {
      const { kind, truth, predicted, low, high } = scored;
      return { kind, truth: pick(truth), predicted: pick(predicted), low: pick(low), high: pick(high) };
    }
    case 'boolean':
      return { kind: 'boolean', truth: pick(scored.truth), probability: pick(scored.probability) };
    case 'class':
      return { kind: 'class', truth: pick(scored.truth), probabilities: scored.probabilities.map(pick) };
  }
}

/** As JSON holds them. */
export function reportMetrics(scored: ScoredRows): ReportMetrics {
  return Object.fromEntries(Object.entries(metricsOf(scored)).map(([name, value]) => [name, finite(value)]));
}

/** How bad the prediction of a row is: the absolute error, or −ln of the probability of what happened. */
export function lossOf(scored: ScoredRows, row: number): number {
  const truth = scored.truth[row] as number;
  switch (scored.kind) {
    case 'number':
      return Math.abs((scored.predicted[row] as number) - truth);
    case 'boolean': {
      const yes = scored.probability[row] as number;
      return surprise(truth === 1 ? yes : 1 - yes);
    }
    case 'class':
      return surprise(scored.probabilities[truth]?.[row] ?? Number.NaN);
  }
}

export function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
