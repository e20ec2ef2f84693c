import type { Metric } from '../../project/models/metric.ts';
import { booleanMetrics, type ScoredBooleans } from './boolean.ts';
import { classMetrics, type ScoredClasses } from './class.ts';
import { regressionMetrics, type ScoredIntervals } from './regression.ts';

/** Truth and predictions of rows, by the kind of target. */
export type ScoredRows =
  | ({ readonly kind: 'number' } & ScoredIntervals)
  | ({ readonly kind: 'boolean' } & ScoredBooleans)
  | ({ readonly kind: 'class' } & ScoredClasses);

/** Every metric of the kind, by name. NaN is not measured. @throws PlatformError INPUT_INVALID for unequal lengths */
export function metricsOf(scored: ScoredRows): Readonly<Partial<Record<Metric, number>>> {
  switch (scored.kind) {
    case 'number':
      return regressionMetrics(scored);
    case 'boolean':
      return booleanMetrics(scored);
    case 'class':
      return classMetrics(scored);
  }
}
