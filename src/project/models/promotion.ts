/** The metric that decides between a new version and the champion. */
export interface PromotionMetric<Metric extends string = string> {
  readonly metric: Metric;
  readonly better: 'lower' | 'higher';
  /** By how much a version must beat the champion. @default 0: any real improvement */
  readonly by: number;
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
   * @default 'baseline': it must beat always predicting the median of the training rows (for classes, the most common class)
   */
  readonly first?: 'baseline' | 'always';
  /** Names of `baselines` that every version must beat by `when`, the first one too. @default none */
  readonly beats?: readonly Baseline[];
}

/** A new version goes live when this metric is lower on the same test rows. @example lower('mae', { by: 0.1 }) */
export function lower<const Metric extends string>(
  metric: Metric,
  options: { readonly by?: number } = {},
): PromotionMetric<Metric> {
  return { metric, better: 'lower', by: options.by ?? 0 };
}

/** A new version goes live when this metric is higher on the same test rows. */
export function higher<const Metric extends string>(
  metric: Metric,
  options: { readonly by?: number } = {},
): PromotionMetric<Metric> {
  return { metric, better: 'higher', by: options.by ?? 0 };
}
