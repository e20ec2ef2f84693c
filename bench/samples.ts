/** One value per side, measured in turns. */
export interface Sides<Side> {
  readonly ours: Side;
  readonly peer: Side;
}

/** The middle value; for an even number the mean of the middle two. @throws RangeError for no values */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  if (low === undefined || high === undefined) throw new RangeError('There is no median of nothing.');
  return (low + high) / 2;
}

/** So many rounds; with `seconds` no round starts after them, except the first. */
export type Rounds = number | { readonly most: number; readonly seconds: number };

/**
 * Measures all sides round by round, in alternating order, so that other load on the machine affects all.
 */
export async function inTurns<Name extends string, Side, Sample>(
  sides: Readonly<Record<Name, Side>>,
  rounds: Rounds,
  measure: (side: Side, round: number) => Promise<Sample>,
): Promise<Readonly<Record<Name, readonly Sample[]>>> {
  const { most, seconds } = typeof rounds === 'number' ? { most: rounds, seconds: Infinity } : rounds;
  const started = performance.now();
  const isLate = (): boolean => performance.now() - started > seconds * 1000;
  const order = Object.keys(sides) as Name[];
  const samples = Object.fromEntries(order.map((name) => [name, [] as Sample[]])) as Record<Name, Sample[]>;
  for (let round = 0; round < most && !(round > 0 && isLate()); round += 1)
    for (const name of round % 2 ? order.toReversed() : order)
      samples[name].push(await measure(sides[name], round));
  return samples;
}

/** The median of each side. */
export function medians(samples: Sides<readonly number[]>): Sides<number> {
  return { ours: median(samples.ours), peer: median(samples.peer) };
}
