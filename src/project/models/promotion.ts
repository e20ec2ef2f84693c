/**
 * By how much a version must be better: a number in the metric's unit, or 'standardError' for more than one standard error of
 * the difference on the same test rows. Where that is not known, any improvement counts.
 */
export type Margin = number | 'standardError';

/** The metric that decides between a new version and the champion. */
export interface PromotionMetric<Metric extends string = string> {
  readonly metric: Metric;
  readonly better: 'lower' | 'higher';
  /** By how much a version must beat the champion; 'standardError' is also asked of `beats`. @default 0: any improvement */
  readonly by: Margin;
}

/** When a new version takes over an alias. */
export interface PromotionRule<Metric extends string = string, Baseline extends string = string> {
  /** The alias of promoted versions: 'prod'. */
  readonly alias: string;
  readonly when: PromotionMetric<Metric>;
  /** Minimums that a version must reach, whatever the champion has. */
  readonly atLeast?: { readonly [Name in Metric]?: number };
  /** Maximums that a version must not exceed. */
  readonly atMost?: { readonly [Name in Metric]?: number };
  /**
   * What the first version must do. 'always' promotes the first version that reaches the limits, however poor it is.
   * @default 'baseline': it must beat the best constant (the median or the mean of the training rows, the shares of their
   * classes), by more than two standard errors of the difference where that is known
   */
  readonly first?: 'baseline' | 'always';
  /** Names of `baselines` that every version must beat by `when`, the first one too. @default none */
  readonly beats?: readonly Baseline[];
}

/**
 * A new version goes live when this metric is lower on the same test rows.
 * @example lower('mae', { by: 'standardError' })
 */
export function lower<const Metric extends string>(
  metric: Metric,
  options: { readonly by?: Margin } = {},
): PromotionMetric<Metric> {
  return { metric, better: 'lower', by: options.by ?? 0 };
}

/** A new version goes live when this metric is higher on the same test rows. @example higher('r2', { by: 0.01 }) */
export function higher<const Metric extends string>(
  metric: Metric,
  options: { readonly by?: Margin } = {},
): PromotionMetric<Metric> {
  return { metric, better: 'higher', by: options.by ?? 0 };
}
