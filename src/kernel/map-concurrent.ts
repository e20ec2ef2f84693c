/**
 * Maps items as they arrive, at most `concurrency` at a time, and returns the results in the order of the items. After a
 * failure no new item starts; the failure is thrown when the running ones have ended.
 */
export async function mapConcurrent<Item, Result>(
  items: Iterable<Item> | AsyncIterable<Item>,
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const running = new Set<Promise<void>>();
  const failures: unknown[] = [];
  const start = (item: Item, index: number): void => {
    const task: Promise<void> = work(item)
      .then(
        (result) => void (results[index] = result),
        (error: unknown) => void failures.push(error),
      )
      .finally(() => running.delete(task));
    running.add(task);
  };
  let count = 0;
  try {
    for await (const item of items) {
      if (failures.length) break;
      start(item, count++);
      if (running.size >= concurrency) await Promise.race(running);
      if (failures.length) break;
    }
  } finally {
    await Promise.all(running);
  }
  if (failures.length) throw failures[0];
  return results;
}
