/** Works on items as they come, at most `width` at a time. The first failure stops what has not begun, and is thrown. */
export async function inLanes<Item>(
  items: AsyncIterable<Item>,
  width: number,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  for await (const item of items) {
    if (failures.length) break;
    const lane: Promise<void> = work(item)
      .catch((error: unknown) => void failures.push(error))
      .finally(() => running.delete(lane));
    running.add(lane);
    if (running.size >= width) await Promise.race(running);
  }
  await Promise.all(running);
  if (failures.length) throw failures[0];
}
