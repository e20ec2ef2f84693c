import type { ScoredRows } from './metrics/metrics-of.ts';
import { areaUnderCurve, ranksOf } from './metrics/ranks.ts';

/** A feature that alone tells the target of nearly every test row. */
export interface Leak {
  readonly feature: string;
  /**
   * How it was found: the rank correlation with a number, the AUC of yes and no, or the share of rows whose class it tells, of
   * the most common class or of the others, whichever is lower.
   */
  readonly by: 'rank correlation' | 'AUC' | 'accuracy';
  readonly value: number;
}

/** With fewer rows, or fewer rows of one class, a good feature can look like this by chance. */
export const fewestRows = 100;
const fewestOfClass = 10;
/** Features of real problems stay below these; a copy of the target, or what happened after it, is above them. */
const leastCorrelation = 0.99;
const leastAuc = 0.99;
const leastAccuracy = 0.99;
/** From here on a feature explains the target fully. The last value of a series can tell the next one nearly as well. */
const leastOfFull = 1 - 1e-6;
/** A feature with more values is no code of a class. */
const mostCodes = 50;

/**
 * Finds features that alone predict the target too well to have been known before it: rank correlation of 0.99 with a
 * number, AUC of 0.99 for yes and no, or (for yes and no too) a value for nearly every row of the most common class and of the others. Missing values count as the lowest value, because
 * being missing can tell the target as well.
 * @param feature the values of one feature, in the order of `truth`
 */
export function findLeak(
  name: string,
  feature: Float64Array,
  { kind, truth }: Pick<ScoredRows, 'kind' | 'truth'>,
): Leak | undefined {
  if (truth.length < fewestRows) return undefined;
  const values = feature.map((value) => (Number.isNaN(value) ? -Infinity : value));
  const found = (by: Leak['by'], value: number, least: number): Leak | undefined =>
    value >= least ? { feature: name, by, value } : undefined;
  switch (kind) {
    case 'number':
      return found(
        'rank correlation',
        Math.abs(correlation(ranksOf(values), ranksOf(truth))),
        leastCorrelation,
      );
    case 'boolean': {
      const auc = aucOf(values, truth);
      return (
        found('AUC', Math.max(auc, 1 - auc), leastAuc) ??
        found('accuracy', codeAccuracy(values, truth), leastAccuracy)
      );
    }
    case 'class':
      return found('accuracy', codeAccuracy(values, truth), leastAccuracy);
  }
}

/** Whether the feature leaves nothing of the target to explain. */
export function isFullLeak({ value }: Leak): boolean {
  return value >= leastOfFull;
}

/** 'feature total alone predicts the target (rank correlation 0.998): is it known before?' */
export function formatLeak({ feature, by, value }: Leak): string {
  return `feature ${feature} alone predicts the target (${by} ${value.toFixed(3)}): is it known before? If not, leave it out of the features`;
}

/** NaN if one of them does not vary. */
function correlation(one: Float64Array, other: Float64Array): number {
  const mean = (one.length + 1) / 2;
  let [both, first, second] = [0, 0, 0];
  for (const [at, value] of one.entries()) {
    const [a, b] = [value - mean, (other[at] as number) - mean];
    both += a * b;
    first += a * a;
    second += b * b;
  }
  return both / Math.sqrt(first * second);
}

/** NaN with too few rows of one class. */
function aucOf(values: Float64Array, truth: ScoredRows['truth']): number {
  const yes = Array.from(truth).filter((value) => value === 1).length;
  if (yes < fewestOfClass || truth.length - yes < fewestOfClass) return Number.NaN;
  return areaUnderCurve(ranksOf(values), truth);
}

/**
 * How often the most common class of a value, among the even rows, is that of the odd rows: of those with the most common
 * class of all, or of the others, whichever is less often. NaN for no code.
 */
function codeAccuracy(values: Float64Array, truth: ScoredRows['truth']): number {
  const counts = new Map<number, Map<number, number>>();
  const classes = new Map<number, number>();
  for (const [at, value] of values.entries()) {
    const name = truth[at] as number;
    classes.set(name, (classes.get(name) ?? 0) + 1);
    if (at % 2 === 1) continue;
    const ofValue = counts.get(value) ?? new Map<number, number>();
    counts.set(value, ofValue.set(name, (ofValue.get(name) ?? 0) + 1));
  }
  const usual = commonest(classes);
  const rare = values.length - (classes.get(usual) ?? 0);
  if (counts.size > mostCodes || rare < fewestOfClass) return Number.NaN;
  const classOf = new Map([...counts].map(([value, ofValue]) => [value, commonest(ofValue)]));
  const shareRight = (isUsual: boolean): number => {
    const rows = Array.from(values.keys()).filter((at) => at % 2 === 1 && (truth[at] === usual) === isUsual);
    return rows.filter((at) => classOf.get(values[at] as number) === truth[at]).length / rows.length;
  };
  return Math.min(shareRight(true), shareRight(false));
}

function commonest(counts: ReadonlyMap<number, number>): number {
  return [...counts].toSorted((a, b) => b[1] - a[1])[0]?.[0] ?? Number.NaN;
}
