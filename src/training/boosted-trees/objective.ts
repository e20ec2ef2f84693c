import { expFloat32 } from './float32-exp.ts';

/** What margins mean, by XGBoost's names. */
export const objectives = [
  'reg:squarederror',
  'binary:logistic',
  'multi:softprob',
  'count:poisson',
  'reg:quantileerror',
  'reg:pseudohubererror',
] as const;

export type Objective = (typeof objectives)[number];

/**
 * Turns margins into predictions in place, in float32 and in XGBoost's order: numbers, the probability of yes, or the
 * probabilities of the classes.
 * @param margins of each row, one row after another
 */
export function respond(objective: Objective, margins: Float32Array, outputs: number): Float32Array {
  switch (objective) {
    case 'reg:squarederror':
    case 'reg:quantileerror':
    case 'reg:pseudohubererror':
      return margins;
    case 'count:poisson':
      return applyTo(margins, expFloat32);
    case 'binary:logistic':
      return applyTo(margins, sigmoid);
    case 'multi:softprob':
      for (let from = 0; from < margins.length; from += outputs)
        softmax(margins.subarray(from, from + outputs));
      return margins;
  }
}

function applyTo(margins: Float32Array, link: (margin: number) => number): Float32Array {
  for (let at = 0; at < margins.length; at++) margins[at] = link(margins[at] as number);
  return margins;
}

/** XGBoost goes no further, so that the power stays finite. */
const largestExponent = Math.fround(88.7);

function sigmoid(margin: number): number {
  return 1 / Math.fround(expFloat32(Math.min(-margin, largestExponent)) + 1);
}

function softmax(margins: Float32Array): void {
  let highest = margins[0] as number;
  for (const margin of margins) highest = Math.max(highest, margin);
  let sum = 0;
  for (let at = 0; at < margins.length; at++) {
    margins[at] = expFloat32(Math.fround((margins[at] as number) - highest));
    sum += margins[at] as number;
  }
  const total = Math.fround(sum);
  for (let at = 0; at < margins.length; at++) margins[at] = (margins[at] as number) / total;
}
