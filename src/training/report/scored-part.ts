import type { Metric } from '../../project/models/metric.ts';
import { metricsOf, type ScoredRows } from '../metrics/metrics-of.ts';
import { meanOver, surprise } from '../metrics/rows.ts';

/** Metrics by name; null is not measured. */
export type ReportMetrics = Readonly<Partial<Record<Metric, number | null>>>;

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

export function meanLossOf(scored: ScoredRows): number {
  return meanOver(scored.truth.length, (row) => lossOf(scored, row));
}

export function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
