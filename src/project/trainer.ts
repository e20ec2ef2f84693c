export interface Trainer<Name extends string = string, Options extends object = object> {
  readonly kind: 'trainer';
  readonly name: Name;
  readonly options: Options;
}

export interface BoostedTreesOptions {
  /** How many at most; early stopping may keep fewer. @default 300 */
  readonly trees?: number;
  /** Edges from the root to the deepest leaf. @default 6 */
  readonly depth?: number;
  /** @default 0.1 */
  readonly learningRate?: number;
  /** Rows that a leaf needs at least. @default 20 */
  readonly minLeafRows?: number;
  /** L2 penalty on leaf values (XGBoost's lambda). @default 1 */
  readonly l2?: number;
  /** Gain that a split needs at least (XGBoost's gamma). @default 0 */
  readonly minGain?: number;
  /** Share of the rows that each tree sees. @default 1 */
  readonly rowShare?: number;
  /** Share of the features that each tree sees. @default 1 */
  readonly featureShare?: number;
  /** Histogram bins a feature. From 2 to 255. @default 255 */
  readonly bins?: number;
  /** Trees without an improvement on the validation rows after which training stops; 0 never stops. @default 30 */
  readonly earlyStopping?: number;
  /** @default 0 */
  readonly seed?: number;
}

export type BoostedTrees = Trainer<'boosted-trees', Required<BoostedTreesOptions>>;

/** Gradient-boosted trees by the histogram method, with missing values, saved as an XGBoost model. */
export function boostedTrees(options: BoostedTreesOptions = {}): BoostedTrees {
  return {
    kind: 'trainer',
    name: 'boosted-trees',
    options: {
      trees: 300,
      depth: 6,
      learningRate: 0.1,
      minLeafRows: 20,
      l2: 1,
      minGain: 0,
      rowShare: 1,
      featureShare: 1,
      bins: 255,
      earlyStopping: 30,
      seed: 0,
      ...options,
    },
  };
}
