import { expect, test } from 'vitest';
import { z } from 'zod';
import { memoryJournal } from '../../pipeline/journal.ts';
import type { TrainerOptions } from '../../project/models/trainer.ts';
import { runSearch } from './run-search.ts';
import { bestTrial, type SearchPlan, searchSpace } from './trials.ts';

const defaults = { learningRate: 0.1, depth: 6, trees: 300 };
const schema = z.object({
  learningRate: z.number().positive(),
  depth: z.int().min(1),
  trees: z.int().min(1),
  dropout: z.number().min(0).max(1).optional(),
});

/** The options of each trial. */
async function trialOptions<Options extends TrainerOptions>(
  given: Options,
  plan: SearchPlan,
  schemaOf: z.ZodObject,
): Promise<readonly Options[]> {
  const trials = await runSearch({
    plan,
    defaults: given,
    space: searchSpace(given, plan.space, schemaOf),
    trainingRows: 1000,
    tryOptions: async () => ({ metrics: {}, loss: 1 }),
    journal: memoryJournal(),
    onTrial: () => undefined,
    now: () => 0,
  });
  return trials.map(({ options }) => options as Options);
}

test('the first trial is the trainer as it is; the others stay within their ranges', async () => {
  const plan = { trials: 300, space: { learningRate: [0.01, 0.3, 'log'], depth: [3, 8] } } as const;
  const [first, ...others] = await trialOptions(defaults, plan, schema);
  expect(first).toEqual(defaults);
  expect(others).toHaveLength(299);
  const rates = others.map((trial) => trial['learningRate'] ?? 0);
  expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.01);
  expect(Math.max(...rates)).toBeLessThanOrEqual(0.3);
  // Half of the draws of a log scale lie below the geometric mean.
  expect(rates.filter((rate) => rate < Math.sqrt(0.01 * 0.3)).length / 299).toBeCloseTo(0.5, 1);
  expect(others.every((trial) => trial['trees'] === 300)).toBe(true);
  const depths = [3, 4, 5, 6, 7, 8].map((depth) => others.filter((trial) => trial['depth'] === depth).length);
  expect(depths.reduce((sum, count) => sum + count, 0)).toBe(299);
  expect(Math.min(...depths)).toBeGreaterThan(30);
});

test('a plan gives the same trials however it is written, and another seed others', async () => {
  const [rate, depth] = [
    [0.01, 0.3, 'log'],
    [3, 8],
  ] as const;
  const plan = { trials: 5, space: { learningRate: rate, depth } };
  const trials = await trialOptions(defaults, plan, schema);
  expect(
    await trialOptions(defaults, { trials: 5, space: { depth, learningRate: rate }, seed: 0 }, schema),
  ).toEqual(trials);
  expect(await trialOptions(defaults, { ...plan, seed: 1 }, schema)).not.toEqual(trials);
});

test.each([
  [{ trials: 0, space: {} }, /search trials must be .*\(got 0\)/],
  [{ space: {} }, /search trials must be .*or give minutes \(missing\)/],
  [{ minutes: 0, space: {} }, /search minutes must be above 0 \(got 0\)/],
  [
    { trials: 2, space: { depht: [1, 2] } },
    /The trainer takes learningRate, depth, trees, dropout.*\(search space depht: /,
  ],
  [
    { trials: 2, space: { depth: [8, 3] } },
    /Give two numbers, the lower first.*\(search space depth: \[8,3\]/,
  ],
  [{ trials: 2, space: { learningRate: [0, 1, 'log'] } }, /starts above 0/],
] as const)('%j is refused', async (plan, message) => {
  await expect(trialOptions(defaults, plan, schema)).rejects.toThrow(message);
});

test('an option that the project does not give can be searched', async () => {
  const trials = await trialOptions(defaults, { trials: 3, space: { dropout: [0.1, 0.2] } }, schema);
  expect(trials.map((trial) => 'dropout' in trial)).toEqual([false, true, true]);
});

test('drawn options that the schema refuses together name what it said', async () => {
  const together = schema.refine(({ depth, trees }) => depth < trees, 'depth must be below trees');
  await expect(trialOptions(defaults, { trials: 9, space: { trees: [1, 3] } }, together)).rejects.toThrow(
    /ranges whose values it takes.*search space.*"trees":/,
  );
  const halves = schema.extend({ learningRate: z.number().multipleOf(0.5) });
  await expect(
    trialOptions(defaults, { trials: 2, space: { learningRate: [0.5, 1] } }, halves),
  ).rejects.toThrow(/search space learningRate: 0\./);
});

test('the lowest loss wins, the earliest among equals', () => {
  const trials = [
    { loss: Number.NaN, at: 0 },
    { loss: 2, at: 1 },
    { loss: 1, at: 2 },
    { loss: 1, at: 3 },
  ];
  expect(bestTrial(trials)).toEqual({ loss: 1, at: 2 });
  expect(() => bestTrial([{ loss: Number.NaN }])).toThrow(/No trial could be measured/);
});
