import {
  type ExplanationView,
  formatNumber,
  formatShare,
  formatSigned,
  type PredictionView,
  withUnit,
} from '../../../src/client/index.ts';
import { formatClassName } from './prediction.ts';

/** How an explanation's numbers are written: in the target's unit, or as shares of a probability. */
export interface ExplanationFormat {
  /** The title of the sum: 'Prediction', 'Probability of Yes'. */
  readonly title: string;
  /** Where the bars start, and what they are. */
  readonly about: string;
  /** The title of the start: 'Average prediction', 'Typical row'. */
  readonly startTitle: string;
  readonly start: string;
  /** A contribution, with the decimals that suit the largest. */
  readonly amount: (value: number, largest: number) => string;
  readonly total: (value: number) => string;
}

export function explanationFormat(
  { scale, of = '', baseline }: ExplanationView,
  prediction: PredictionView,
): ExplanationFormat {
  if (scale === 'target' || prediction.kind !== 'class')
    return {
      title: 'Prediction',
      about: `The bars start at ${withUnit(baseline, prediction.unit)}, about the average prediction for the rows that the model learned from. Each bar is how far a field moved this prediction from there.`,
      startTitle: 'Average prediction',
      start: formatNumber(baseline),
      amount: formatSigned,
      total: formatNumber,
    };
  const name = formatClassName(of, prediction);
  return {
    title: `Probability of ${name}`,
    about: `The bars start at ${formatShare(baseline)}, the probability of ${name} for a typical row that the model learned from. Each bar is how many percentage points a field moved it from there.`,
    startTitle: 'Typical row',
    start: formatShare(baseline),
    amount: (value, largest) => formatSigned(value * 100, largest * 100),
    total: formatShare,
  };
}
