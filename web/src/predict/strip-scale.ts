/** What an answer needs of a scale. */
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
 * A scale on which this answer lies with room on both sides. It keeps what earlier answers needed, so that as the
 * request changes the mark moves and not the ground under it.
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

/** A tenth of the range or less, as a 1, 2 or 5 of some power of ten. */
function niceStep(range: number): number {
  const power = 10 ** Math.floor(Math.log10(range / 10));
  return [5, 2, 1].map((factor) => factor * power).find((step) => step <= range / 10) ?? power;
}
