import type { ExplanationView, PredictionView } from '../../../src/client/index.ts';
import { formatNumber, formatShare, formatSigned, withUnit } from './numbers.ts';
import { formatClassName } from './prediction.ts';

/** How an explanation's numbers are written: in the target's unit, or as shares of a probability. */
export interface ExplanationFormat {
  /** The title of the sum: 'Prediction', 'Probability of Yes'. */
  readonly title: string;
  /** 'from an average of 154 runs', 'from a baseline of 40%, in percentage points'. */
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
      start: `from an average of ${withUnit(baseline, prediction.unit)}`,
      amount: formatSigned,
      total: formatNumber,
    };
  return {
    title: `Probability of ${formatClassName(of, prediction)}`,
    start: `from a baseline of ${formatShare(baseline)}, in percentage points`,
    amount: (value, largest) => formatSigned(value * 100, largest * 100),
    total: formatShare,
  };
}
