import { z } from 'zod';
import { formatRule, type ValueSchema } from '../../kernel/schema-rule.ts';
import { PlatformError } from '../../kernel/errors.ts';

export interface BoostedTreesOptions {
  /** How many at most; early stopping may keep fewer. @default 300 */
  readonly trees?: number | undefined;
  /** Edges from the root to the deepest leaf. @default 6 */
  readonly depth?: number | undefined;
  /** @default 0.1 */
  readonly learningRate?: number | undefined;
  /** Rows that a leaf needs at least. @default 20 */
  readonly minLeafRows?: number | undefined;
  /** L2 penalty on leaf values (XGBoost's lambda). @default 1 */
  readonly l2?: number | undefined;
  /** Gain that a split needs at least (XGBoost's gamma). @default 0 */
  readonly minGain?: number | undefined;
  /** Share of the rows that each tree sees. @default 1 */
  readonly rowShare?: number | undefined;
  /** Share of the features that each tree sees. @default 1 */
  readonly featureShare?: number | undefined;
  /** Histogram bins a feature. From 2 to 255. @default 255 */
  readonly bins?: number | undefined;
  /** Trees without an improvement on the validation rows after which training stops; 0 never stops. @default 30 */
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
 * Options by name, those left out at their defaults.
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
  const remedy = rule ? formatRule(field, rule) : `Boosted trees take ${Object.keys(properties).join(', ')}.`;
  throw new PlatformError('PROJECT_INVALID', { field, value: given[String(name)], remedy });
}
