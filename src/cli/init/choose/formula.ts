import type { InferredColumn } from '../column.ts';
import type { Leak, Sample } from './leaks.ts';

/** Of the numbers that are tried together; with more, only sums and products of two are. */
const mostTogether = 60;
/** Of the lines: a few may be wrong. */
const nearlyAll = 0.97;
const fewestLines = 40;

/** Numbers that add up to the target, or two whose product it is. */
export function formulaOf(
  target: InferredColumn,
  features: readonly InferredColumn[],
  sample: Sample,
): Leak | undefined {
  const numbers = features.filter((column) => column.numbers && column.distinct > 1);
  return sumOf(target, numbers, sample) ?? productOf(target, numbers, sample);
}

interface Term {
  readonly column: InferredColumn;
  readonly sign: 1 | -1;
}

/** Fits the target by all numbers at once: a part of a sum has the weight 1, and the others 0. */
function sumOf(target: InferredColumn, numbers: readonly InferredColumn[], sample: Sample): Leak | undefined {
  if (numbers.length < 2 || numbers.length > mostTogether) return undefined;
  const y = sample.numbers(target);
  const x = numbers.map((column) => sample.numbers(column));
  const lines = [...y.keys()].filter(
    (line) => x.every((values) => isKnown(values[line])) && isKnown(y[line]),
  );
  if (lines.length < Math.max(fewestLines, numbers.length + 5)) return undefined;
  const weights = robustWeights(x, y, lines);
  const terms = numbers.flatMap((column, at): readonly Term[] => {
    const weight = weights[at] ?? 0;
    return Math.abs(Math.abs(weight) - 1) < 0.05 ? [{ column, sign: weight > 0 ? 1 : -1 }] : [];
  });
  if (terms.length < 2) return undefined;
  const values = terms.map(({ column, sign }) => ({ values: sample.numbers(column), sign }));
  const total = (line: number): number =>
    values.reduce((sum, { values: of, sign }) => sum + sign * (of[line] ?? NaN), 0);
  if (!holds(total, y, terms.length)) return undefined;
  const [first, ...others] = terms.toSorted((one, other) => other.sign - one.sign);
  const text = others.map(({ column, sign }) => ` ${sign > 0 ? '+' : '-'} "${column.name}"`).join('');
  return {
    columns: terms.map(({ column }) => column),
    message: `"${first?.column.name ?? ''}"${text} is "${target.name}"`,
  };
}

/** A few wrong lines would move the weights: the fit is repeated without the lines that it misses most. */
function robustWeights(
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

function productOf(
  target: InferredColumn,
  numbers: readonly InferredColumn[],
  sample: Sample,
): Leak | undefined {
  const y = sample.numbers(target);
  for (const [at, one] of numbers.entries())
    for (const other of numbers.slice(at + 1, at + 1 + mostTogether)) {
      const [a, b] = [sample.numbers(one), sample.numbers(other)];
      if (holds((line) => (a[line] ?? NaN) * (b[line] ?? NaN), y, 1))
        return { columns: [one, other], message: `"${one.name}" × "${other.name}" is "${target.name}"` };
    }
  return undefined;
}

/** Whether a formula gives the target on nearly all lines, but for rounding. */
function holds(formula: (line: number) => number, target: Float64Array, terms: number): boolean {
  let [filled, wrong, squares] = [0, 0, 0];
  const variance = varianceOf(target);
  const most = Math.ceil((1 - nearlyAll) * target.length);
  for (const [line, value] of target.entries()) {
    const sum = formula(line);
    if (!isKnown(value) || !isKnown(sum)) continue;
    filled += 1;
    if (Math.abs(sum - value) > tolerance(value, terms)) wrong += 1;
    else squares += (sum - value) ** 2;
    if (wrong > most) return false;
  }
  return filled >= fewestLines && filled >= target.length / 2 && squares / filled < mostError * variance;
}

/** Of the target's variance: with more, rounding alone would explain small numbers. */
const mostError = 1e-4;

function varianceOf(values: Float64Array): number {
  const finite = values.filter((value) => Number.isFinite(value));
  const mean = finite.reduce((sum, value) => sum + value, 0) / finite.length;
  return finite.reduce((sum, value) => sum + (value - mean) ** 2, 0) / finite.length;
}

function tolerance(value: number, terms: number): number {
  const decimals = /\.(\d+)$/.exec(String(value))?.[1]?.length ?? 0;
  const rounding = 0.5 * 10 ** -Math.min(decimals, 6) * terms;
  return Math.max(rounding, 1e-3 * Math.abs(value));
}

function isKnown(value: number | undefined): boolean {
  return value !== undefined && Number.isFinite(value);
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
