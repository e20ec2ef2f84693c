/** Works on items, at most `width` at a time, and answers in their order. The first failure stops what has not begun. */
export async function inParallel<Item, Result>(
  width: number,
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  let next = 0;
  let stopped = false;
  const lane = async (): Promise<void> => {
    while (!stopped) {
      const index = next++;
      const item = items[index];
      if (item === undefined) return;
      try {
        results[index] = await work(item);
      } catch (cause) {
        stopped = true;
        throw cause;
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
