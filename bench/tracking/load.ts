/** How much was done, in all and in a second. */
export interface Load {
  readonly done: number;
  readonly perSecond: number;
}

/** Lets clients do something again and again for so many seconds, each waiting for its answer. */
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

/** Does a number of things, several at a time. */
export async function all(
  { clients, count }: { readonly clients: number; readonly count: number },
  work: (place: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const client = async (): Promise<void> => {
    while (next < count) {
      const place = next;
      next += 1;
      await work(place);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
}

/** How long each of some calls takes, one after the other, in milliseconds; the answer of the last. */
export async function timed<Answer>(
  count: number,
  call: () => Promise<Answer>,
): Promise<{ readonly milliseconds: readonly number[]; readonly answer: Answer }> {
  const milliseconds: number[] = [];
  const once = async (): Promise<Answer> => {
    const started = performance.now();
    const answer = await call();
    milliseconds.push(performance.now() - started);
    return answer;
  };
  let answer = await once();
  for (let done = 1; done < count; done += 1) answer = await once();
  return { milliseconds, answer };
}
