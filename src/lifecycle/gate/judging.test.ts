import { expect, test } from 'vitest';
import { readDataset, saveDataset } from '../../data/dataset.ts';
import type { Digest } from '../../kernel/digest.ts';
import { higher, lower } from '../../project/models/promotion.ts';
import type { Verdict } from '../../registry/model.ts';
import { subsets } from '../../training/subsets.ts';
import { folderUri } from '../../tracking/artifacts/location.ts';
import { z } from 'zod';
import type { TrainingSubsets } from '../../project/models/trainer.ts';
import { fitSettingsName } from '../fit/fit-settings.ts';
import {
  clientVersion,
  copyOfFirst,
  housesCsv,
  housesProject,
  type Houses,
  openHouses,
  versionOf,
} from '../houses.fixture.ts';
import { meanTrainer } from '../mean-trainer.fixture.ts';
import { readScored } from '../rows/scored-table.ts';
import { readSubsetColumns } from '../rows/subsets-table.ts';
import type { Model } from '../../project/models/model.ts';

type Facts = Readonly<Record<string, never>>;
type Change = Partial<Model>;

async function verdictOf(houses: Houses, change: Change): Promise<{ verdict?: Verdict; facts: Facts }> {
  const { outcomes, failures, states } = await houses.run(housesProject(change));
  expect(failures).toEqual([]);
  const verdict = [...outcomes.values()][0]?.verdict;
  return {
    ...(verdict && { verdict }),
    facts: (states.get('house-price.evaluate')?.facts ?? {}) as Facts,
  };
}

const perSquareMetre = (({ size }: { readonly size: number }) => 2000 * size) as never;
const isLarge = (({ size }: { readonly size: number }) => size > 120) as never;
const worst = ((tested: Iterable<{ truth: number; prediction: number }>) =>
  Math.max(...[...tested].map(({ truth, prediction }) => Math.abs(truth - prediction)))) as never;

const compared: Change = {
  metrics: ['mae', 'r2'],
  measures: { maeOfLarge: { of: 'mae', where: isLarge }, worst: { better: 'lower', value: worst } },
  baselines: { bySize: perSquareMetre, mean: meanTrainer() },
};

test('measures and baselines are measured on the test rows, and stored beside them', async () => {
  await using houses = await openHouses();
  const { facts, verdict } = await verdictOf(houses, {
    ...compared,
    promote: { alias: 'prod', when: lower('mae'), beats: ['mean'], atMost: { worst: 1e9 } },
  });
  expect(facts).toMatchObject({
    rows: 40,
    metrics: { mae: expect.any(Number), maeOfLarge: expect.any(Number), worst: expect.any(Number) },
    baselines: {
      bySize: { metrics: { mae: expect.any(Number), maeOfLarge: expect.any(Number) } },
      mean: { metrics: { mae: expect.any(Number) } },
    },
  });
  expect(verdict).toMatchObject({
    decision: { kind: 'promote', because: 'first' },
    facts: { baselines: { bySize: { mae: expect.any(Number) } }, standardErrors: { baselines: {} } },
  });
  const scored = houses.launched.findLast(({ operation }) => operation === 'evaluate');
  const result = await houses.results.find(scored?.key as Digest);
  const table = await readDataset(result?.outputs['scored'] as Digest, houses.blobs);
  if (table.kind !== 'table') throw new Error('scored is no table');
  const read = await readScored(
    table,
    { target: { kind: 'number' }, baselines: ['bySize', 'mean'] },
    houses.blobs,
  );
  const [truth, byHand] = [read.version.truth, read.baselines['bySize']];
  const errors = Array.from(truth, (value, row) =>
    Math.abs(value - ((byHand?.kind === 'number' ? byHand.predicted[row] : undefined) ?? Number.NaN)),
  );
  const { baselines = {} } = facts as { baselines?: Record<string, { metrics: Record<string, number> }> };
  expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeCloseTo(
    baselines['bySize']?.metrics['mae'] as number,
  );
  const mean = read.baselines['mean'];
  expect(new Set(mean?.kind === 'number' ? mean.predicted : []).size, 'one mean of the training rows').toBe(
    1,
  );
});

test('a version that is not better than a baseline of the rule is held, the first one too', async () => {
  await using houses = await openHouses();
  const perfect = housesProject({
    trainer: meanTrainer(),
    baselines: { bySize: perSquareMetre },
    promote: { alias: 'prod', when: lower('mae'), beats: ['bySize'], first: 'always' },
  });
  const { outcomes } = await houses.run(perfect);
  const verdict = [...outcomes.values()][0]?.verdict;
  expect(verdict?.decision).toMatchObject({
    kind: 'hold',
    because: 'not-better-than-baseline',
    baseline: 'bySize',
    metric: 'mae',
  });
  const { value, baselineValue } = (verdict?.decision ?? {}) as { value: number; baselineValue: number };
  expect(value).toBeGreaterThan(baselineValue);
  expect(value).toBe(verdict?.facts.candidate.metrics['mae']);
});

test('a version that predicts what its baseline predicts is held, and their difference is known exactly', async () => {
  await using houses = await openHouses();
  const { verdict } = await verdictOf(houses, {
    trainer: meanTrainer(),
    baselines: { mean: meanTrainer() },
    promote: { alias: 'prod', when: lower('mae'), beats: ['mean'] },
  });
  expect(verdict?.decision).toMatchObject({ because: 'not-better-than-baseline', baseline: 'mean' });
  expect(verdict?.facts.standardErrors).toMatchObject({ baselines: { mean: 0 } });
  expect(verdict?.facts.standardErrors?.candidate).toBeGreaterThan(1000);
});

test('a measure can decide, and the difference of two versions has a standard error', async () => {
  await using houses = await openHouses({ text: housesCsv(400) });
  const rule = { alias: 'prod', when: lower('maeOfLarge'), first: 'always' } as const;
  await verdictOf(houses, { ...compared, trainer: meanTrainer(), promote: rule });
  const { verdict } = await verdictOf(houses, { ...compared, promote: rule });
  expect(verdict?.decision).toMatchObject({ kind: 'promote', because: 'better', metric: 'maeOfLarge' });
  const { candidate, champion, standardErrors } = verdict?.facts ?? {};
  const gain = (champion as { metrics: Record<string, number> }).metrics['maeOfLarge'] as number;
  expect(verdict?.decision).toMatchObject({ gain: gain - (candidate?.metrics['maeOfLarge'] as number) });
  expect(standardErrors?.champion).toBeGreaterThan(0);
  expect(standardErrors?.champion).toBeLessThan(gain);
});

test('a where that fails names the measure', async () => {
  await using houses = await openHouses();
  const where = (() => {
    throw new Error('no overs');
  }) as never;
  const { failures } = await houses.run(housesProject({ measures: { late: { of: 'mae', where } } }));
  expect(JSON.stringify(failures)).toContain('no overs');
});

const walking: Change = {
  split: { by: 'sold', group: 'id', test: { from: '2020-04-01', refit: 'month' }, gap: '2d' },
};

test('a walk forward tests every row from `from` on, each month by a fit of the rows before it', async () => {
  await using houses = await openHouses();
  const { facts, verdict } = await verdictOf(houses, { ...compared, ...walking });
  const { periods, rows } = facts as unknown as {
    rows: number;
    periods: { period: number; rows: number; metrics: Record<string, number> }[];
  };
  expect(periods.map((each) => [each.period, each.rows])).toEqual([
    [1, 30],
    [2, 31],
    [3, 30],
    [4, 18],
  ]);
  expect(rows).toBe(109);
  const pooled = periods.reduce((sum, each) => sum + each.rows * (each.metrics['mae'] as number), 0) / rows;
  expect(pooled).toBeCloseTo(verdict?.facts.candidate.metrics['mae'] as number);
  const fit = houses.launched.find(({ operation }) => operation === 'refit');
  const result = await houses.results.find(fit?.key as Digest);
  const fits = await readDataset(result?.outputs['fits'] as Digest, houses.blobs);
  const names = fits.kind === 'files' ? fits.files.map(({ name }) => name.split('/')[0]) : [];
  expect([...new Set(names)]).toEqual(['period-1', 'period-2', 'period-3']);
});

test('the mean of each period is that of the rows before it, by the gap', async () => {
  await using houses = await openHouses();
  await verdictOf(houses, { ...walking, trainer: meanTrainer(), baselines: { mean: meanTrainer() } });
  const spec = houses.launched.find(({ operation }) => operation === 'evaluate');
  const tableOf = async (digest: Digest | undefined) => {
    const dataset = await readDataset(digest as Digest, houses.blobs);
    if (dataset.kind !== 'table') throw new Error('no table');
    return dataset;
  };
  const split = await readSubsetColumns(await tableOf(spec?.inputs['subsets']), houses.blobs);
  const result = await houses.results.find(spec?.key as Digest);
  const scored = await readScored(
    await tableOf(result?.outputs['scored']),
    { target: { kind: 'number' }, baselines: ['mean'] },
    houses.blobs,
  );
  const prices = housesCsv()
    .split('\n')
    .slice(1, -1)
    .map((line) => Number(line.split(',')[4]));
  const trained = split.subset.length;
  for (const period of [1, 2, 3, 4]) {
    const learned = prices.filter((_, row) => (split.trainsFrom[row] as number) <= period);
    const first = scored.period.indexOf(period);
    const start = scored.row[first] as number;
    expect(learned.length, 'two days are left out').toBe(start - 2);
    expect(trained).toBe(200);
    for (const predicted of [scored.version, scored.baselines['mean']])
      expect(predicted?.kind === 'number' && predicted.predicted[first]).toBeCloseTo(
        (await trainMean(prices, split, period)) as number,
        3,
      );
  }
});

/** The mean trainer learns from the training rows alone, not from those that validate. */
async function trainMean(
  prices: readonly number[],
  split: Awaited<ReturnType<typeof readSubsetColumns>>,
  period: number,
): Promise<number> {
  const { subsetsOfPeriod } = await import('../../training/walk-forward.ts');
  const assigned = subsetsOfPeriod(split, period, { by: 'sold', group: 'id', test: 0.5 });
  const train = prices.filter((_, row) => assigned[row] === subsets.train);
  return train.reduce((sum, price) => sum + price, 0) / train.length;
}

const always = { alias: 'prod', when: lower('mae'), first: 'always' } as const;

test('a live version is fitted again for the earlier periods, with its own code and options', async () => {
  await using houses = await openHouses();
  await verdictOf(houses, { ...walking, trainer: meanTrainer(), promote: always });
  const { verdict } = await verdictOf(houses, { ...walking, promote: always });
  expect(verdict?.facts).toMatchObject({ testRows: 109, leftOut: 0 });
  expect(verdict?.facts.lastPeriod).toBeUndefined();
  expect(verdict?.decision).toMatchObject({ kind: 'promote', because: 'better' });
  const first = await houses.registry.findVersion({ model: 'house-price', version: 1 });
  const champion = verdict?.facts.champion as { metrics: Record<string, number> };
  expect(champion.metrics['mae'], 'its own walk forward').toBeCloseTo(first?.metrics['mae'] as number);
});

test('a live version that cannot be fitted again is compared on the last period alone', async () => {
  await using houses = await openHouses();
  await verdictOf(houses, { ...walking, trainer: meanTrainer(), promote: always });
  const { folder } = await versionOf(houses, 1);
  const files = await readDataset(folder, houses.blobs);
  if (files.kind !== 'files') throw new Error('no files');
  const elsewhere = await saveDataset(
    { kind: 'files', files: files.files.filter(({ name }) => name !== fitSettingsName) },
    houses.blobs,
  );
  const copy = await houses.registry.createVersion(
    clientVersion({ ...(await copyOfFirst(houses)), storage: folderUri(elsewhere) }),
  );
  await houses.registry.moveAlias({
    model: 'house-price',
    alias: 'prod',
    from: 'any',
    to: copy.version,
    by: 'gate',
    movedAt: 1,
  });
  const { verdict } = await verdictOf(houses, { ...walking, promote: always });
  expect(verdict?.facts).toMatchObject({
    testRows: 18,
    leftOut: 0,
    lastPeriod: { name: '2020-07', version: copy.version },
  });
  expect(verdict?.decision).toMatchObject({ kind: 'promote', because: 'better' });
});

test('a live version that learned from the last period is compared on the periods before it', async () => {
  await using houses = await openHouses();
  await verdictOf(houses, {
    split: { by: 'sold', group: 'id', test: { from: '2020-07-10' } },
    trainer: meanTrainer(),
    promote: always,
  });
  const { verdict } = await verdictOf(houses, { ...walking, promote: always });
  expect(verdict?.facts.leftOut).toBe(9);
  expect(verdict?.facts.testRows).toBe(100);
});

test('the search of a walk forward sees no row of a tested period', async () => {
  await using houses = await openHouses();
  const seen: number[] = [];
  const trainer = meanTrainer();
  const { definition } = trainer.type;
  const watching = {
    ...trainer,
    type: Object.assign(() => trainer, {
      definition: {
        ...definition,
        options: z.object({ shift: z.number().default(0) }),
        trial: async (_options: object, { train, validation }: TrainingSubsets) => {
          seen.push(...train.order, ...validation.order);
          return { metrics: {}, loss: 1 };
        },
      },
    }),
  };
  await verdictOf(houses, {
    ...walking,
    trainer: watching as never,
    search: { trials: 2, space: { shift: [0, 1] } } as never,
  });
  expect(seen.length).toBeGreaterThan(0);
  expect(Math.max(...seen), 'two days before 1 April, the 91st row').toBe(88);
});

test('independent rows are drawn by their content, and the live version is compared on rows it has not seen', async () => {
  await using houses = await openHouses({ text: housesCsv(300) });
  const independent = { rows: 'independent', test: 0.3 } as const;
  const { verdict } = await verdictOf(houses, { split: independent, metrics: ['mae', 'r2'] });
  expect(verdict?.decision.kind).toBe('promote');
  const again = await verdictOf(houses, {
    split: { ...independent, seed: 5 },
    promote: { alias: 'prod', when: higher('r2') },
  });
  expect(again.verdict?.facts.leftOut).toBeGreaterThan(20);
  expect(again.verdict?.facts.champion).toMatchObject({ metrics: { mae: expect.any(Number) } });
});
