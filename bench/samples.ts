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

/**
 * Measures both sides round by round, in alternating order, so that other load on the machine affects both.
 */
export async function inTurns<Side, Sample>(
  sides: Sides<Side>,
  rounds: number,
  measure: (side: Side, round: number) => Promise<Sample>,
): Promise<Sides<readonly Sample[]>> {
  const samples: { readonly ours: Sample[]; readonly peer: Sample[] } = { ours: [], peer: [] };
  const order: readonly (keyof Sides<Side>)[] = ['ours', 'peer'];
  for (let round = 0; round < rounds; round += 1)
    for (const name of round % 2 ? order.toReversed() : order)
      samples[name].push(await measure(sides[name], round));
  return samples;
}

/** The median of each side. */
export function medians(samples: Sides<readonly number[]>): Sides<number> {
  return { ours: median(samples.ours), peer: median(samples.peer) };
}
