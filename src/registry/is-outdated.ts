import type { Incomparable, Measured } from './gate.ts';

/** Whether a champion has no forecast of the rows because they are later than its forecasts. */
export function isOutdated(champion: Measured | Incomparable | null): boolean {
  return champion !== null && 'reason' in champion && champion.isOutdated === true;
}
