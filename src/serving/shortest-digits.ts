import type { NumberPrediction, Prediction } from '../project/models/prediction.ts';

/** A float32 has at most so many significant digits. */
const float32Digits = 9;
/** More digits of a float64 only show how it was computed, as in 0.30000000000000004. */
const float64Digits = 15;

/**
 * A prediction whose numbers have the digits of the model's precision and no more, so that each is written alike everywhere.
 * Trees predict in float32: 123.4, which is nearest to its 123.4000015258789, is the same float32. What is computed from such a number, as
 * the ends of its interval, is no more precise. Whole numbers stay as they are.
 */
export function withShortestDigits(prediction: Prediction): Prediction {
  switch (prediction.kind) {
    case 'number':
      return shortNumber(prediction);
    case 'class': {
      const { probability, probabilities } = prediction;
      const short = roundingOf([probability, ...Object.values(probabilities)]);
      const entries = Object.entries(probabilities).map(([name, value]) => [name, short(value)] as const);
      return { ...prediction, probability: short(probability), probabilities: Object.fromEntries(entries) };
    }
    case 'forecast':
      return { ...prediction, horizon: prediction.horizon.map(shortNumber) };
  }
}

function shortNumber<Of extends Pick<NumberPrediction, 'value' | 'interval'>>(prediction: Of): Of {
  const { value, interval } = prediction;
  const short = roundingOf([value]);
  return {
    ...prediction,
    value: short(value),
    ...(interval && { interval: { ...interval, low: short(interval.low), high: short(interval.high) } }),
  };
}

/** How the numbers of a prediction are rounded, by those that the model returned. */
function roundingOf(returned: readonly number[]): (value: number) => number {
  const isFloat32 = returned.some((value) => !Number.isInteger(value) && Math.fround(value) === value);
  return (value) => {
    if (!Number.isFinite(value) || Number.isInteger(value)) return value;
    return isFloat32 ? shortestFloat32(value) : Number(value.toPrecision(float64Digits));
  };
}

/** The number with the fewest digits that is the same float32. */
function shortestFloat32(value: number): number {
  const single = Math.fround(value);
  for (let digits = 1; digits < float32Digits; digits++) {
    const short = Number(single.toPrecision(digits));
    if (Math.fround(short) === single) return short;
  }
  return Number(single.toPrecision(float32Digits));
}
