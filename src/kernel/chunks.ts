/** Cuts items into parts of `size`, in their order; the last part holds the rest. */
export function chunksOf<Item>(items: readonly Item[], size: number): readonly Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}

/**
 * Cuts items into parts of a few sizes, in their order, so that one prepared statement serves each size.
 * @param sizes the largest first; the last one is 1
 */
export function chunksOfSizes<Item>(
  items: readonly Item[],
  sizes: readonly number[],
): readonly (readonly Item[])[] {
  const chunks: (readonly Item[])[] = [];
  let done = 0;
  for (const size of sizes)
    for (; items.length - done >= size; done += size) chunks.push(items.slice(done, done + size));
  return chunks;
}
