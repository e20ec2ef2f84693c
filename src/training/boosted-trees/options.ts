import { z } from 'zod';
import { formatRule, type ValueSchema } from '../../kernel/schema-rule.ts';
import { PlatformError } from '../../kernel/errors.ts';

export interface BoostedTreesOptions {
  /** The most trees; early stopping may keep fewer. @default 300 */
  readonly trees?: number | undefined;
  /** Edges from the root to the deepest leaf. @default 6 */
  readonly depth?: number | undefined;
  /** @default 0.1 */
  readonly learningRate?: number | undefined;
  /** The fewest rows of a leaf. @default 20 */
  readonly minLeafRows?: number | undefined;
  /** L2 penalty on leaf values (XGBoost's lambda). @default 1 */
  readonly l2?: number | undefined;
  /** The least gain of a split (XGBoost's gamma). @default 0 */
  readonly minGain?: number | undefined;
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
  trees: z.int().min(1).max(100_000).default(300),
  depth: z.int().min(1).max(16).default(6),
  learningRate: z.number().gt(0).max(1).default(0.1),
  minLeafRows: z.int().min(1).max(1e9).default(20),
  l2: z.number().min(0).max(1e9).default(1),
  minGain: z.number().min(0).default(0),
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
