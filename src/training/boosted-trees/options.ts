import { z } from 'zod';
import { formatRule, type ValueSchema } from '../../kernel/schema-rule.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Target } from '../../project/models/kind.ts';
import type { TrainerOptions } from '../../project/models/trainer.ts';

export interface BoostedTreesOptions {
  /**
   * Of a number: squared error; 'poisson' for counts, on a logarithmic scale; 'quantile' for the value that a share
   * `quantile` of the outcomes stays below; 'huber' for outliers. Yes or no and classes always have log loss.
   * @default 'squared'
   */
  readonly loss?: 'squared' | 'poisson' | 'quantile' | 'huber' | undefined;
  /** The level of the quantile loss. @default 0.5 */
  readonly quantile?: number | undefined;
  /** Errors above it count linearly in the Huber loss. @default the 0.9 quantile of the distances from the median */
  readonly huberSlope?: number | undefined;
  /** The most trees, or rounds of one tree for each class; early stopping may keep fewer. @default 300 */
  readonly trees?: number | undefined;
  /** Edges from the root to the deepest leaf. @default 6 */
  readonly depth?: number | undefined;
  /** The most leaves of a tree: the leaf that gains most is split first. @default none: all leaves of a level are split */
  readonly leaves?: number | undefined;
  /** @default 0.1 */
  readonly learningRate?: number | undefined;
  /** The fewest rows of a leaf. @default 20 */
  readonly minLeafRows?: number | undefined;
  /** The least sum of second derivatives in a leaf (XGBoost's min_child_weight). @default 0 */
  readonly minChildWeight?: number | undefined;
  /** L1 penalty on leaf values (XGBoost's alpha). @default 0 */
  readonly l1?: number | undefined;
  /** L2 penalty on leaf values (XGBoost's lambda). @default 1 */
  readonly l2?: number | undefined;
  /** The least gain of a split (XGBoost's gamma). @default 0 */
  readonly minGain?: number | undefined;
  /** Features that are the codes of categories: whole numbers from 0, without an order. @default none */
  readonly categories?: readonly string[] | undefined;
  /** Features that may only raise the prediction as they grow, or only lower it. @default none */
  readonly monotone?: Readonly<Record<string, 'rising' | 'falling'>> | undefined;
  /** Share of the rows for each tree. @default 1 */
  readonly rowShare?: number | undefined;
  /** Share of the features for each tree. @default 1 */
  readonly featureShare?: number | undefined;
  /** Histogram bins for each feature, from 2 to 255. @default 255 */
  readonly bins?: number | undefined;
  /** Training stops after this many trees without a better validation error; 0 never stops. @default 30 */
  readonly earlyStopping?: number | undefined;
  /** @default 0 */
  readonly seed?: number | undefined;
}

export type TreeOptions = z.output<typeof treeOptions>;

const share = z.number().gt(0).max(1).default(1);

/** The options with their limits and defaults. */
export const treeOptions = z.object({
  loss: z.enum(['squared', 'poisson', 'quantile', 'huber']).default('squared'),
  quantile: z.number().gt(0).lt(1).default(0.5),
  huberSlope: z.number().gt(0).max(1e30).optional(),
  trees: z.int().min(1).max(100_000).default(300),
  depth: z.int().min(1).max(16).default(6),
  leaves: z.int().min(2).max(65_536).optional(),
  learningRate: z.number().gt(0).max(1).default(0.1),
  minLeafRows: z.int().min(1).max(1e9).default(20),
  minChildWeight: z.number().min(0).max(1e9).default(0),
  l1: z.number().min(0).max(1e9).default(0),
  l2: z.number().min(0).max(1e9).default(1),
  minGain: z.number().min(0).default(0),
  categories: z.array(z.string()).readonly().default([]),
  monotone: z.record(z.string(), z.enum(['rising', 'falling'])).default({}),
  rowShare: share,
  featureShare: share,
  bins: z.int().min(2).max(255).default(255),
  earlyStopping: z.int().min(0).max(100_000).default(30),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .default(0),
});

/** Without the options of other losses: a yes or no and classes have log loss, whatever `loss` says. */
export function usedTreeOptions(options: TrainerOptions, { kind }: Target): TrainerOptions {
  const { loss, quantile, huberSlope, ...others } = options;
  if (kind !== 'number') return { loss: 'log loss', ...others };
  return {
    ...(loss !== undefined && { loss }),
    ...(loss === 'quantile' && quantile !== undefined && { quantile }),
    ...(loss === 'huber' && huberSlope !== undefined && { huberSlope }),
    ...others,
  };
}

/**
 * Parses options by name, with defaults.
 * @throws PlatformError PROJECT_INVALID for a name that boosted trees do not have and for a value outside its limits
 */
export function readTreeOptions(given: Readonly<Record<string, unknown>>): TreeOptions {
  const parsed = treeOptions.strict().safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const name = issue?.code === 'unrecognized_keys' ? issue.keys[0] : issue?.path[0];
  const { properties = {} } = z.toJSONSchema(treeOptions, { io: 'input' });
  const rule = properties[String(name)] as ValueSchema | undefined;
  const field = `trainer option ${String(name)}`;
  const remedy = rule
    ? formatRule(field, rule)
    : `The options of boosted trees are ${Object.keys(properties).join(', ')}.`;
  throw new PlatformError('PROJECT_INVALID', { field, value: given[String(name)], remedy });
}
