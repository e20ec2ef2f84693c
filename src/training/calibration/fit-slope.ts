import { meanOver, type Values } from '../metrics/rows.ts';
import { type Curve, logOdds } from './curve.ts';
import { lineOf } from './sigmoid.ts';

/** Above 0, so that predictions keep their order. */
const flattest = 0.05;

/**
 * How sure probabilities should be: the slope of a sigmoid, through their own mean. Its intercept is dropped, because weeks with
 * many of one outcome would move all probabilities.
 * @param truth 1 for yes and 0 for no, with both
 */
export function fitSlope(probability: Values, truth: Values): Curve {
  const slope = Math.max(flattest, lineOf(probability, truth).slope);
  const mean = meanOver(probability.length, (row) => probability[row] as number);
  return { method: 'sigmoid', slope, intercept: logOdds(mean) * (1 - slope) };
}
