import type { ColumnProfile } from '../data/profile.ts';
import type { ColumnType } from '../project/tables/column.ts';

/** From this share of missing values on, a column has a warning. */
const mostMissing = 0.5;
/** Fewer rows are different from each other by chance. */
const fewestRows = 50;

/** What is odd about a column's values, a phrase each. */
export function columnWarnings(
  type: ColumnType,
  { nulls, distinct, common, quantiles, mean, span }: ColumnProfile,
  rows: number,
): readonly string[] {
  if (rows === 0) return [];
  if (nulls >= rows) return ['missing in every row'];
  const warnings: string[] = [];
  if (distinct === 1) {
    const only = common?.[0]?.[0] ?? quantiles?.[0] ?? span?.[0] ?? (mean === 1 ? 'yes' : 'no');
    warnings.push(nulls === 0 ? `the same in every row: ${only}` : `always ${only}, or missing`);
  }
  if (nulls / rows >= mostMissing)
    warnings.push(`missing in ${Math.floor((100 * nulls) / rows)}% of the rows`);
  if (type === 'string' && distinct === rows - nulls && distinct >= fewestRows)
    warnings.push('different in every row, like an id');
  return warnings;
}
