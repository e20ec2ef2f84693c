import { PlatformError } from '../../kernel/errors.ts';
import { boostedTrees, type BoostedTreesOptions } from '../../project/trainer.ts';

export type TreeOptions = Required<BoostedTreesOptions>;

interface Limit {
  readonly from: number;
  readonly to: number;
  readonly whole: boolean;
  /** Whether `from` itself is refused. */
  readonly above?: boolean;
}

const limits: Readonly<Record<keyof TreeOptions, Limit>> = {
  trees: { from: 1, to: 100_000, whole: true },
  depth: { from: 1, to: 16, whole: true },
  learningRate: { from: 0, to: 1, whole: false, above: true },
  minLeafRows: { from: 1, to: 1e9, whole: true },
  l2: { from: 0, to: 1e9, whole: false },
  minGain: { from: 0, to: Number.MAX_VALUE, whole: false },
  rowShare: { from: 0, to: 1, whole: false, above: true },
  featureShare: { from: 0, to: 1, whole: false, above: true },
  bins: { from: 2, to: 255, whole: true },
  earlyStopping: { from: 0, to: 100_000, whole: true },
  seed: { from: 0, to: 2 ** 32 - 1, whole: true },
};

/** Options that take whole numbers alone. */
export const wholeOptions: ReadonlySet<string> = new Set(
  Object.entries(limits).flatMap(([name, limit]) => (limit.whole ? [name] : [])),
);

/**
 * Options by name, those left out at their defaults.
 * @throws PlatformError PROJECT_INVALID for a name that boosted trees do not have and for a value outside its limits
 */
export function readTreeOptions(given: Readonly<Record<string, number>>): TreeOptions {
  for (const [name, value] of Object.entries(given)) checkOption(name, value);
  return boostedTrees(given).options;
}

function checkOption(name: string, value: number): void {
  const limit = Object.hasOwn(limits, name) ? limits[name as keyof TreeOptions] : undefined;
  if (!limit) {
    const remedy = `Boosted trees take ${Object.keys(limits).join(', ')}.`;
    throw new PlatformError('PROJECT_INVALID', { field: `trainer option ${name}`, value, remedy });
  }
  const inside = value <= limit.to && (limit.above ? value > limit.from : value >= limit.from);
  if (inside && (!limit.whole || Number.isInteger(value))) return;
  const kind = limit.whole ? 'a whole number' : 'a number';
  const from = limit.above ? `above ${limit.from} and` : `from ${limit.from}`;
  const remedy = `must be ${kind} ${from} to ${limit.to}`.replace('and to', 'up to');
  throw new PlatformError('PROJECT_INVALID', { field: `trainer option ${name}`, value, remedy });
}
