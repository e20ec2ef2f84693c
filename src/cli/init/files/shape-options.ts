/** From so many rows on, trees that grow level by level keep the threads busy. */
const manyRows = 100_000;

/** Below it a fit is cheap: early stopping says how many trees there are, up to 1,000. */
const fewRows = 5000;

/** Below it 31 leaves of 20 rows hold chance. */
const enoughForLeaves = 1000;

/**
 * The options of boosted trees that depend on the number of rows, as source text. Very few rows want shallow trees, small
 * steps, small leaves, and trees that learn from four fifths of the rows each, which steadies their sum (Friedman,
 * Computational Statistics & Data Analysis 38, 2002). From 1,000 rows on the leaf that gains most is split first, up to 31 of
 * them as in LightGBM and scikit-learn; many rows have the defaults.
 */
export function shapeOptions(rows: number): readonly string[] {
  if (rows >= manyRows) return [];
  const most = rows < fewRows ? ['trees: 1000'] : [];
  if (rows >= enoughForLeaves) return ['leaves: 31', 'depth: 16', ...most];
  const leaf = Math.max(3, Math.round(rows / 100));
  return [
    `depth: ${rows < 300 ? 3 : 4}`,
    'learningRate: 0.05',
    `minLeafRows: ${leaf}`,
    ...most,
    'rowShare: 0.8',
  ];
}
