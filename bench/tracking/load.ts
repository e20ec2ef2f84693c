/** The work done, in total and per second. */
export interface Load {
  readonly done: number;
  readonly perSecond: number;
}

/** Runs an operation repeatedly in several clients for some seconds. Each client waits for its response. */
export async function sustained(
  { clients, seconds }: { readonly clients: number; readonly seconds: number },
  work: (client: number, round: number) => Promise<void>,
): Promise<Load> {
  const started = performance.now();
  const until = started + seconds * 1000;
  const each = await Promise.all(
    Array.from({ length: clients }, async (_, client) => {
      let round = 0;
      for (; performance.now() < until; round += 1) await work(client, round);
      return round;
    }),
  );
  const done = each.reduce((sum, rounds) => sum + rounds, 0);
  return { done, perSecond: done / ((performance.now() - started) / 1000) };
}

/** Runs a number of operations, several at a time. */
export async function all(
  { clients, count }: { readonly clients: number; readonly count: number },
  work: (index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await work(index);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/** The milliseconds of consecutive calls, and the result of the last. */
export async function timed<Result>(
  count: number,
  call: () => Promise<Result>,
): Promise<{ readonly milliseconds: readonly number[]; readonly result: Result }> {
  const milliseconds: number[] = [];
  const once = async (): Promise<Result> => {
    const started = performance.now();
    const result = await call();
    milliseconds.push(performance.now() - started);
    return result;
  };
  let result = await once();
  for (let done = 1; done < count; done += 1) result = await once();
  return { milliseconds, result };
}
