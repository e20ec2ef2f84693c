/** From so many rows on, trees that grow level by level keep the threads busy. */
const manyRows = 100_000;

/** Below it a fit is cheap: early stopping alone says how many trees there are. */
const fewRows = 5000;

/** Below it 31 leaves of 20 rows hold chance. */
const enoughForLeaves = 1000;

/**
 * The options of boosted trees that depend on the number of rows, as source text. Very few rows want shallow trees, small
 * steps and small leaves; from 1,000 on the leaf that gains most is split first, up to 31 of them as in LightGBM and
 * scikit-learn; many rows have the defaults. Below 5,000 each tree learns from four fifths of the rows, which steadies the
 * sum of them (Friedman, Computational Statistics & Data Analysis 38, 2002).
 */
export function shapeOptions(rows: number): readonly string[] {
  if (rows >= manyRows) return [];
  const few = rows < fewRows ? ['trees: 1000', 'rowShare: 0.8'] : [];
  if (rows >= enoughForLeaves) return ['leaves: 31', 'depth: 16', ...few];
  const leaf = Math.max(3, Math.round(rows / 100));
  return [`depth: ${rows < 300 ? 3 : 4}`, 'learningRate: 0.05', `minLeafRows: ${leaf}`, ...few];
}
