/** Of the lines: a fit by fewer says little. */
export const fewestLines = 40;

/** A few wrong lines would move the weights: the fit is repeated without the lines that it misses most. */
export function robustWeights(
  x: readonly Float64Array[],
  y: Float64Array,
  lines: readonly number[],
): readonly number[] {
  let kept = lines;
  let weights = leastSquares(x, y, kept);
  for (let round = 0; round < 2; round++) {
    const rest = (line: number): number =>
      x.reduce((sum, values, at) => sum - (weights[at] ?? 0) * (values[line] ?? 0), y[line] ?? 0);
    const middle = kept.map(rest).toSorted((one, other) => one - other)[Math.floor(kept.length / 2)] ?? 0;
    const misses = kept.map((line) => ({ line, miss: Math.abs(rest(line) - middle) }));
    kept = misses
      .toSorted((one, other) => one.miss - other.miss)
      .slice(0, Math.max(fewestLines, Math.floor(0.95 * kept.length)))
      .map(({ line }) => line);
    weights = leastSquares(x, y, kept);
  }
  return weights;
}

/** Weights of centred columns, by the normal equations with a little ridge. */
function leastSquares(
  x: readonly Float64Array[],
  y: Float64Array,
  lines: readonly number[],
): readonly number[] {
  const centred = [...x, y].map((values) => {
    const mean = lines.reduce((sum, line) => sum + (values[line] ?? 0), 0) / lines.length;
    return Float64Array.from(lines, (line) => (values[line] ?? 0) - mean);
  });
  const scales = centred.map((values) => Math.hypot(...chunked(values)) || 1);
  const product = (one: number, other: number): number => {
    const [a, b] = [centred[one], centred[other]];
    let sum = 0;
    for (let at = 0; at < lines.length; at++) sum += (a?.[at] ?? 0) * (b?.[at] ?? 0);
    return sum / ((scales[one] ?? 1) * (scales[other] ?? 1));
  };
  const size = x.length;
  const matrix = Array.from({ length: size }, (_, row) =>
    Array.from(
      { length: size + 1 },
      (__, column) => product(row, column < size ? column : size) + (row === column ? 1e-9 : 0),
    ),
  );
  const target = scales[size] ?? 1;
  return solve(matrix).map((weight, at) => (weight * target) / (scales[at] ?? 1));
}

/** `Math.hypot` takes as many arguments as the stack has room for. */
function chunked(values: Float64Array): readonly number[] {
  const norms: number[] = [];
  for (let start = 0; start < values.length; start += 4096)
    norms.push(Math.hypot(...values.subarray(start, start + 4096)));
  return norms;
}

/** Gauss with pivots; the last column is the right side. */
function solve(matrix: readonly number[][]): readonly number[] {
  const size = matrix.length;
  const rows = matrix.map((row) => [...row]);
  for (let at = 0; at < size; at++) {
    const pivot = rows
      .slice(at)
      .reduce((best, row) => (Math.abs(row[at] ?? 0) > Math.abs(best[at] ?? 0) ? row : best));
    const swap = rows.indexOf(pivot);
    [rows[at], rows[swap]] = [pivot, rows[at] ?? pivot];
    for (const [index, row] of rows.entries()) {
      if (index === at || pivot[at] === 0) continue;
      const factor = (row[at] ?? 0) / (pivot[at] ?? 1);
      for (let column = at; column <= size; column++)
        row[column] = (row[column] ?? 0) - factor * (pivot[column] ?? 0);
    }
  }
  return rows.map((row, at) => (row[size] ?? 0) / (row[at] || 1));
}
