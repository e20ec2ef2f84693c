import { expect, test } from 'vitest';
import { z } from 'zod';
import type { Json } from '../../kernel/json.ts';
import { memoryJournal } from '../../pipeline/journal.ts';
import type { TrialResult } from '../../project/models/trainer.ts';
import { type FinishedTrial, runSearch, type SearchRun, type TrialRequest } from './run-search.ts';
import { bestTrial, type SearchPlan, searchSpace } from './trials.ts';

const schema = z.object({ rate: z.number(), size: z.number() });
const defaults = { rate: 0.9, size: 9 };
const space = { rate: [0.001, 1, 'log'], size: [0, 10] } as const;

/** Lowest at rate 0.02, size 7. */
function lossOf({ options: { rate, size } }: TrialRequest): TrialResult {
  const loss = Math.log10(Number(rate) / 0.02) ** 2 + ((Number(size) - 7) / 10) ** 2;
  return { metrics: { rmse: loss }, loss };
}

async function searched(
  plan: Omit<SearchPlan, 'space'>,
  change: Partial<SearchRun> = {},
): Promise<readonly FinishedTrial[]> {
  return runSearch({
    plan: { ...plan, space },
    defaults,
    space: searchSpace(defaults, space, schema),
    trainingRows: 10_000,
    tryOptions: async (request) => lossOf(request),
    journal: memoryJournal(),
    onTrial: () => undefined,
    now: () => 0,
    ...change,
  });
}

test('tpe finds better options than random draws, in most searches', async () => {
  const seeds = Array.from({ length: 15 }, (_, seed) => seed);
  const bestOf = async (method: 'random' | 'tpe', seed: number): Promise<number> =>
    bestTrial(await searched({ trials: 40, method, seed })).loss;
  const wins = await Promise.all(
    seeds.map(async (seed) => (await bestOf('tpe', seed)) < (await bestOf('random', seed))),
  );
  expect(wins.filter(Boolean).length).toBeGreaterThanOrEqual(11);
});

test.each(['random', 'tpe'] as const)(
  '%s gives the same trials again, in whatever order they end',
  async (method) => {
    const plan = { trials: 20, method, parallel: 3, seed: 5 };
    const first = await searched(plan);
    const later = await searched(plan, {
      tryOptions: async (request) => {
        for (let turn = 0; turn < (request.index * 7) % 5; turn++) await Promise.resolve();
        return lossOf(request);
      },
    });
    expect(later).toEqual(first);
    expect(first.map(({ index }) => index)).toEqual(Array.from({ length: 20 }, (_, index) => index));
  },
);

test('no more trials run at a time than the search says', async () => {
  let [running, most] = [0, 0];
  await searched(
    { trials: 12, parallel: 3 },
    {
      tryOptions: async (request) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setImmediate(resolve));
        running -= 1;
        return lossOf(request);
      },
    },
  );
  expect(most).toBe(3);
});

test.each(['random', 'tpe', 'halving'] as const)(
  'a %s search that was killed continues with its finished trials',
  async (method) => {
    const lines: Json[] = [];
    const journal = {
      read: async (): Promise<readonly Json[]> => JSON.parse(JSON.stringify(lines)) as Json[],
      append: async (value: Json): Promise<void> => void lines.push(value),
    };
    const plan = { trials: 18, method, seed: 2 };
    const whole = await searched(plan);
    let runs = 0;
    const killed = searched(plan, {
      journal,
      tryOptions: async (request) => {
        if (++runs > 9) throw new Error('killed');
        return lossOf(request);
      },
    });
    await expect(killed).rejects.toThrow('killed');
    const again: number[] = [];
    const reported: number[] = [];
    const resumed = await searched(plan, {
      journal,
      tryOptions: async (request) => {
        again.push(request.index);
        return lossOf(request);
      },
      onTrial: ({ index }) => void reported.push(index),
    });
    expect(resumed).toEqual(whole);
    expect(Math.min(...again)).toBe(9);
    expect(reported.slice(0, 9)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  },
);

test('a search of some minutes ends when they are over, counting those before a kill', async () => {
  let minute = 0;
  const journal = memoryJournal();
  const change = {
    journal,
    now: () => minute * 60_000,
    tryOptions: async (request: TrialRequest): Promise<TrialResult> => {
      minute += 1;
      return lossOf(request);
    },
  };
  expect(await searched({ minutes: 4 }, change)).toHaveLength(4);
  minute = 100;
  expect(await searched({ minutes: 6 }, change)).toHaveLength(6);
  expect(minute).toBe(102);
});

test('halving tries all options on few rows, and the best third on three times as many', async () => {
  const requests: TrialRequest[] = [];
  const last = await searched(
    { trials: 27, method: 'halving', seed: 3 },
    {
      tryOptions: async (request) => {
        requests.push(request);
        return lossOf(request);
      },
    },
  );
  const counts = new Map<number, number>();
  for (const { rowShare } of requests) counts.set(rowShare, (counts.get(rowShare) ?? 0) + 1);
  expect([...counts]).toEqual([
    [1 / 27, 27],
    [1 / 9, 10],
    [1 / 3, 5],
    [1, 3],
  ]);
  expect(last).toHaveLength(3);
  expect(last[0]?.options).toEqual(defaults);
  const inFirst = requests.slice(0, 27).map((request) => lossOf(request).loss);
  expect(bestTrial(last).loss).toBe(Math.min(...inFirst));
  expect(last[1]?.params).not.toHaveProperty('rowShareOfTrial');
});

test('halving does not begin with fewer than 200 rows', async () => {
  const shares = new Set<number>();
  await searched(
    { trials: 27, method: 'halving' },
    {
      trainingRows: 700,
      tryOptions: async (request) => {
        shares.add(request.rowShare);
        return lossOf(request);
      },
    },
  );
  expect([...shares]).toEqual([1 / 3, 1]);
});

test('options and positions are inverse to each other', () => {
  const whole = searchSpace({ depth: 3 }, { depth: [2, 5] }, z.object({ depth: z.int() }));
  expect([0, 0.24, 0.26, 0.99, 1].map((position) => whole.optionsAt([position]).depth)).toEqual([
    2, 2, 3, 5, 5,
  ]);
  expect(whole.positionsOf({ depth: 3 })).toEqual([0.375]);
  const log = searchSpace({ rate: 1 }, { rate: [0.01, 1, 'log'] }, z.object({ rate: z.number() }));
  expect(log.optionsAt([0.5]).rate).toBeCloseTo(0.1, 12);
  expect(log.positionsOf({ rate: 0.1 })[0]).toBeCloseTo(0.5, 12);
});
