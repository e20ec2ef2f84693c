/** The values that a scale must include. */
export interface Spread {
  readonly low: number;
  readonly high: number;
  readonly baseline: number;
}

export interface Scale {
  readonly from: number;
  readonly to: number;
}

/**
 * A scale with room on both sides of the prediction. It never shrinks, so that the mark moves and the scale does not
 * when the request changes.
 */
export function scaleOver(spread: Spread, earlier: Scale | undefined): Scale {
  const low = Math.min(spread.low, spread.baseline);
  const high = Math.max(spread.high, spread.baseline);
  const room = (spread.high - spread.low || Math.abs(high) || 1) * 0.6;
  const step = niceStep(high - low + 2 * room);
  const floor = low >= 0 ? 0 : -Infinity;
  const from = Math.max(floor, Math.floor((low - room) / step) * step);
  const to = Math.ceil((high + room) / step) * step;
  if (!earlier) return { from, to };
  return { from: Math.min(from, earlier.from), to: Math.max(to, earlier.to) };
}

/** Where a value lies on a scale, from 0 to 1. */
export function shareOf({ from, to }: Scale, value: number): number {
  return Math.min(1, Math.max(0, (value - from) / (to - from)));
}

/** At most a tenth of the range: 1, 2 or 5 times a power of ten. */
function niceStep(range: number): number {
  const power = 10 ** Math.floor(Math.log10(range / 10));
  return [5, 2, 1].map((factor) => factor * power).find((step) => step <= range / 10) ?? power;
}
