import type { InferredColumn } from '../column.ts';
import type { Leak, Sample } from './leaks.ts';
import { fewestLines, robustWeights } from './robust-weights.ts';

/** Of the numbers that are tried together; with more, only products and ratios of two are. */
const mostTogether = 60;
/** Of the lines: a few may be wrong. */
const nearlyAll = 0.97;

/** Numbers that add up to the target, or two whose product or ratio it is. */
export function formulaOf(
  target: InferredColumn,
  features: readonly InferredColumn[],
  sample: Sample,
): Leak | undefined {
  const numbers = features.filter((column) => column.numbers && column.distinct > 1);
  return sumOf(target, numbers, sample) ?? pairOf(target, numbers, sample);
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
  for (const slack of slacks) {
    const terms = numbers.flatMap((column, at): readonly Term[] => {
      const weight = weights[at] ?? 0;
      return Math.abs(Math.abs(weight) - 1) < slack ? [{ column, sign: weight > 0 ? 1 : -1 }] : [];
    });
    const leak = terms.length < 2 ? undefined : leakOf(terms, target, sample);
    if (leak) return leak;
  }
  return undefined;
}

/** Of a part's weight: fees that a sum leaves out, and that come with some parts, move it. */
const slacks = [0.05, 0.5];

function leakOf(terms: readonly Term[], target: InferredColumn, sample: Sample): Leak | undefined {
  const y = sample.numbers(target);
  const values = terms.map(({ column, sign }) => ({ values: sample.numbers(column), sign }));
  const total = (line: number): number =>
    values.reduce((sum, { values: of, sign }) => sum + sign * (of[line] ?? NaN), 0);
  const isSum = holds(total, y, terms.length);
  if (!isSum && !leavesFewRests(total, y)) return undefined;
  const [first, ...others] = terms.toSorted((one, other) => other.sign - one.sign);
  const text = others.map(({ column, sign }) => ` ${sign > 0 ? '+' : '-'} "${column.name}"`).join('');
  return {
    columns: terms.map(({ column }) => column),
    // Of a difference, only what something is taken from holds the target: a total, or an end.
    derived: terms.filter(({ sign }) => sign > 0).map(({ column }) => column),
    message: `"${first?.column.name ?? ''}"${text} is "${target.name}"${isSum ? '' : ' but for a few fixed amounts'}`,
  };
}

/** A way to make a number of two others. */
interface Pairing {
  readonly of: (one: number, other: number) => number;
  readonly text: (one: string, other: string) => string;
  /** Whether the numbers can change places. */
  readonly isSymmetric: boolean;
}

const pairings: readonly Pairing[] = [
  { of: (one, other) => one * other, text: (one, other) => `${one} × ${other}`, isSymmetric: true },
  { of: (one, other) => one / other, text: (one, other) => `${one} ÷ ${other}`, isSymmetric: false },
  {
    of: (one, other) => (100 * one) / other,
    text: (one, other) => `100 × ${one} ÷ ${other}`,
    isSymmetric: false,
  },
];

function pairOf(
  target: InferredColumn,
  numbers: readonly InferredColumn[],
  sample: Sample,
): Leak | undefined {
  const y = sample.numbers(target);
  for (const [at, first] of numbers.entries())
    for (const second of numbers.slice(at + 1, at + 1 + mostTogether))
      for (const { of, text, isSymmetric } of pairings)
        for (const [one, other] of isSymmetric ? [[first, second] as const] : ordersOf(first, second)) {
          const [a, b] = [sample.numbers(one), sample.numbers(other)];
          if (!holds((line) => of(a[line] ?? NaN, b[line] ?? NaN), y, 1)) continue;
          return {
            columns: [first, second],
            derived: [isSymmetric ? rateOf(first, second) : one],
            message: `${text(`"${one.name}"`, `"${other.name}"`)} is "${target.name}"`,
          };
        }
  return undefined;
}

function ordersOf(
  one: InferredColumn,
  other: InferredColumn,
): readonly (readonly [InferredColumn, InferredColumn])[] {
  return [
    [one, other],
    [other, one],
  ];
}

/** Of two factors the one that was divided from the target: a price per unit has such a name, or more different values. */
function rateOf(one: InferredColumn, other: InferredColumn): InferredColumn {
  const [first, second] = [one, other].map(({ name }) => isRateName.test(name));
  if (first !== second) return first ? one : other;
  return one.distinct > other.distinct ? one : other;
}

const isRateName = /(?:^|[^a-z])(?:per|pro|par|rate|ratio|each|unit|price|avg|average|mean)(?:$|[^a-z])|\//i;

/** Whether a formula gives the target on nearly all lines, but for rounding. */
function holds(formula: (line: number) => number, target: Float64Array, terms: number): boolean {
  let [filled, wrong, squares] = [0, 0, 0];
  const most = Math.ceil((1 - nearlyAll) * target.length);
  for (let line = 0; line < target.length; line++) {
    const [value, result] = [target[line] ?? NaN, formula(line)];
    if (!isKnown(value) || !isKnown(result)) continue;
    filled += 1;
    if (Math.abs(result - value) > tolerance(value, terms)) wrong += 1;
    else squares += (result - value) ** 2;
    // Most formulas are wrong on the first lines.
    if (wrong > most || (filled === fewestLines && wrong > filled / 4)) return false;
  }
  return (
    filled >= fewestLines && filled >= target.length / 2 && squares / filled < mostError * varianceOf(target)
  );
}

/** Of the target's variance: with more, rounding alone would explain small numbers. */
const mostError = 1e-4;

/** Of the lines, and of the target's different values: chance leaves as many rests as there are values. */
const mostRests = { ofLines: 0.02, ofValues: 0.1 } as const;

/** Whether what a formula leaves of the target has a few values only, such as the fixed fees of a bill. */
function leavesFewRests(formula: (line: number) => number, target: Float64Array): boolean {
  const rests = new Set<number>();
  const values = new Set<number>();
  let filled = 0;
  for (const [line, value] of target.entries()) {
    const rest = value - formula(line);
    if (!isKnown(rest)) continue;
    filled += 1;
    values.add(value);
    rests.add(Math.round(rest * 1e6) / 1e6);
    if (rests.size > mostRests.ofLines * target.length) return false;
  }
  return filled >= target.length / 2 && rests.size <= mostRests.ofValues * values.size;
}

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
