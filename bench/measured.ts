/** The medians of one case, for both sides if there is a peer. */
export interface Measured {
  readonly name: string;
  readonly ours: number;
  /** Absent if the case measures only us. */
  readonly peer?: number;
  readonly unit: string;
  /** Whether more is better, as with requests/s, or less, as with seconds. */
  readonly better: 'more' | 'less';
  /** How many times better than the peer; without a peer, the limit for our figure, in `unit`. */
  readonly goal: number;
}

/** A line of the JSON file. `goal` is a ratio, or in `unit` where there is no peer. */
export interface BenchRecord {
  readonly bench: string;
  readonly case: string;
  readonly ours: number;
  readonly peer: number | null;
  readonly unit: string;
  /** How many times better ours is: above 1 in any unit. */
  readonly ratio: number | null;
  readonly goal: number;
  readonly reached: boolean;
}

/** Compares a case with its goal. @throws RangeError for a figure that is not positive: nothing was measured */
export function judged(bench: string, measured: Measured): BenchRecord {
  const { name, ours, peer, unit, better, goal } = measured;
  for (const figure of [ours, peer ?? ours])
    if (!(figure > 0 && Number.isFinite(figure)))
      throw new RangeError(`${name} came out as ${figure} ${unit}.`);
  const ratio = peer === undefined ? null : better === 'more' ? ours / peer : peer / ours;
  const reached = ratio === null ? (better === 'more' ? ours >= goal : ours <= goal) : ratio >= goal;
  return { bench, case: name, ours, peer: peer ?? null, unit, ratio, goal, reached };
}

/** 'start: ours 0.31 s, peer 2.9 s, ratio 9.3×, goal 10×: short'; without a peer 'memory: ours 120 MB, goal ≤ 150 MB: reached' */
export function lineOf(record: BenchRecord, better: Measured['better']): string {
  const { ours, peer, unit, ratio, goal, reached } = record;
  const end = reached ? 'reached' : 'short';
  const start = `${record.case}: ours ${formatted(ours)} ${unit}`;
  if (peer === null || ratio === null)
    return `${start}, goal ${better === 'more' ? '≥' : '≤'} ${formatted(goal)} ${unit}: ${end}`;
  return `${start}, peer ${formatted(peer)} ${unit}, ratio ${formatted(ratio, 3)}×, goal ${formatted(goal, 3)}×: ${end}`;
}

/** So many digits, and all those before the point. */
function formatted(figure: number, digits = 4): string {
  return figure >= 10 ** (digits - 1)
    ? String(Math.round(figure))
    : String(Number(figure.toPrecision(digits)));
}
