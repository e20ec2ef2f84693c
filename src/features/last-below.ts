/**
 * Finds the last position from `first` to `last` whose value is below a limit; -1 if all are at least the limit. A tree of
 * minimums makes a search logarithmic, even if thousands of values in a row are above the limit.
 */
export type LastBelow = (range: { readonly first: number; readonly last: number }, limit: number) => number;

export function lastBelow(values: Float64Array): LastBelow {
  let leaves = 1;
  while (leaves < values.length) leaves *= 2;
  const least = new Float64Array(2 * leaves).fill(Infinity);
  least.set(values, leaves);
  for (let node = leaves - 1; node >= 1; node--)
    least[node] = Math.min(least[2 * node] ?? Infinity, least[2 * node + 1] ?? Infinity);

  const below = (node: number, limit: number): boolean => (least[node] ?? Infinity) < limit;
  return ({ first, last }, limit) => {
    if (last < first) return -1;
    let node = leaves + last;
    while (!below(node, limit)) {
      // The subtree to the left of this one: the sibling of a right child, or of the next right child above.
      while (node > 1 && node % 2 === 0) node /= 2;
      if (node <= 1) return -1;
      node -= 1;
    }
    while (node < leaves) node = below(2 * node + 1, limit) ? 2 * node + 1 : 2 * node;
    return node - leaves >= first ? node - leaves : -1;
  };
}
