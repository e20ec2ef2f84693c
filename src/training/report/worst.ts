import type { Target } from '../../project/models/kind.ts';
import type { ScoredRows } from '../metrics/metrics-of.ts';
import type { ReportRows } from './report.ts';
import { finite, lossOf } from './scored-part.ts';

/** A row with its truth, its prediction and what was known of it. */
export interface WorstRow {
  /** Of the model's rows, from 0. */
  readonly row: number;
  readonly loss: number | null;
  readonly truth: string | number | boolean;
  /** Of classes, the probabilities of the most probable ones and of the true one. Null is not a finite number. */
  readonly predicted: number | null | Readonly<Record<string, number | null>>;
  readonly values: Readonly<Record<string, string | number | boolean | null>>;
}

const worstRows = 20;
const mostValues = 30;
const mostProbabilities = 3;
const longestText = 100;

/** The rows with the largest loss, the worst first. */
export function worstOf({ target, version, row, columns }: ReportRows): readonly WorstRow[] {
  const losses = Array.from(version.truth, (_, index) => lossOf(version, index));
  const values = Object.entries(columns).slice(0, mostValues);
  return Array.from(losses.keys())
    .toSorted((a, b) => badness(losses[b]) - badness(losses[a]) || a - b)
    .slice(0, worstRows)
    .map((index) => ({
      row: row[index] as number,
      loss: finite(losses[index]),
      truth: truthOf(target, version.truth[index] as number),
      predicted: predictedOf(target, version, index),
      values: Object.fromEntries(values.map(([name, column]) => [name, shortened(column[index] ?? null)])),
    }));
}

/** For the order of rows: a loss that is not a number is the worst. */
function badness(loss: number | undefined): number {
  return loss === undefined || Number.isNaN(loss) ? Number.MAX_VALUE : Math.min(loss, Number.MAX_VALUE);
}

/** A text of a row, cut to what people read. */
export function shortened<Value>(value: Value): Value | string {
  return typeof value === 'string' && value.length > longestText ? `${value.slice(0, longestText)}…` : value;
}

function truthOf(target: Target, truth: number): string | number | boolean {
  if (target.kind === 'number') return truth;
  return target.kind === 'boolean' ? truth === 1 : (target.classes[truth] ?? '');
}

function predictedOf(target: Target, version: ScoredRows, index: number): WorstRow['predicted'] {
  switch (version.kind) {
    case 'number':
      return finite(version.predicted[index]);
    case 'boolean':
      return { true: finite(version.probability[index]) };
    case 'class': {
      const names = target.kind === 'class' ? target.classes : [];
      const all = names.map((name, at) => ({
        name,
        probability: version.probabilities[at]?.[index] as number,
        isTrue: version.truth[index] === at,
      }));
      const kept = all
        .toSorted((a, b) => b.probability - a.probability)
        .filter(({ isTrue }, rank) => isTrue || rank < mostProbabilities);
      return Object.fromEntries(kept.map(({ name, probability }) => [name, finite(probability)]));
    }
  }
}
