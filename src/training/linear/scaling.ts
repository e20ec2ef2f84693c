import { PlatformError } from '../../kernel/errors.ts';
import type { Matrix } from '../../project/models/trainer.ts';

/** Mean and standard deviation of each feature over the rows that have a value. */
export interface Scaling {
  readonly means: readonly number[];
  /** 1 for a feature that does not vary, whose scaled values are 0. */
  readonly deviations: readonly number[];
}

/** Features without a value in some row; the mean is used for it. */
export function filledFeatures({ columns }: Matrix): number {
  return columns.filter((column) => column.some(Number.isNaN)).length;
}

/**
 * The scaling of training rows. A feature without any value has mean 0.
 * @throws PlatformError DATA_INVALID for an infinite value
 */
export function fitScaling({ features, columns }: Matrix): Scaling {
  const each = columns.map((column, index) => momentsOf(column, features[index] ?? ''));
  return { means: each.map(({ mean }) => mean), deviations: each.map(({ deviation }) => deviation) };
}

/** Columns with mean 0 and standard deviation 1. A missing value becomes 0, the mean. */
export function scaled(
  columns: readonly Float32Array[],
  { means, deviations }: Scaling,
): readonly Float64Array[] {
  return columns.map((column, index) => {
    const [mean, deviation] = [means[index] as number, deviations[index] as number];
    return Float64Array.from(column, (value) => (Number.isNaN(value) ? 0 : (value - mean) / deviation));
  });
}

function momentsOf(
  column: Float32Array,
  feature: string,
): { readonly mean: number; readonly deviation: number } {
  let [rows, sum] = [0, 0];
  for (const value of column) {
    if (Number.isNaN(value)) continue;
    if (!Number.isFinite(value)) throw infinite(feature, value);
    rows += 1;
    sum += value;
  }
  if (rows === 0) return { mean: 0, deviation: 1 };
  const mean = sum / rows;
  let squares = 0;
  for (const value of column) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / rows);
  // A constant column can differ from its mean by rounding.
  return { mean, deviation: deviation > 1e-9 * Math.abs(mean) ? deviation : 1 };
}

function infinite(feature: string, value: number): PlatformError {
  return new PlatformError('DATA_INVALID', {
    field: `feature ${feature}`,
    value,
    remedy: 'must be finite for a linear model: return NaN for a missing value, or limit the value',
  });
}
