import type { Tested } from 'modelyard';
import type { Direction } from './bars.ts';

/** The share of right predictions among the fifth of days of which the model is most certain. */
export function sureAccuracy(tested: Iterable<Tested<Direction, boolean>>): number {
  const certain = [...tested].toSorted((a, b) => certaintyOf(b) - certaintyOf(a));
  const sure = certain.slice(0, Math.ceil(certain.length / 5));
  return sure.filter(({ truth, prediction }) => truth === prediction > 0.5).length / sure.length;
}

function certaintyOf({ prediction }: Tested<Direction, boolean>): number {
  return Math.abs(prediction - 0.5);
}
