import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../../kernel/random.ts';
import type { Model } from '../../project/models/model.ts';
import { higher, lower, type PromotionMetric } from '../../project/models/promotion.ts';
import type { Verdict } from '../../registry/model.ts';
import { boostedTrees } from '../../training/boosted-trees/trainer.ts';
import { constant } from '../../training/constant.ts';
import { type Houses, housesCsv, housesProject, openHouses } from '../houses.fixture.ts';

const byError = { by: 'standardError' } as const;
const deciding = (when: PromotionMetric): Partial<Model> => ({
  metrics: ['mae', 'rmse', 'r2'],
  promote: { alias: 'prod', when },
});

async function verdictOf(houses: Houses, change: Partial<Model>): Promise<Verdict | undefined> {
  const { outcomes, failures } = await houses.run(housesProject(change));
  expect(failures).toEqual([]);
  return outcomes.get('house-price')?.verdict;
}

/** Houses whose price has nothing to do with their size: long-tailed, so that median and mean differ. */
function noiseCsv(rows: number, seed: number): string {
  const random = seededRandom(seed);
  const lines = Array.from({ length: rows }, (_, row) => {
    const sold = new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10);
    const price = Math.round(100_000 * Math.exp(2 * random()));
    return `${row + 1},${sold},${40 + Math.floor(random() * 160)},${random() < 0.4},${price}`;
  });
  return `id,sold,size,garden,price\n${lines.join('\n')}\n`;
}

test.each([
  ['r2', higher('r2'), 'mean'],
  ['rmse', lower('rmse'), 'mean'],
  ['mae', lower('mae'), 'median'],
] as const)('a constant mean does not beat the constant by %s', async (_, when, predicts) => {
  await using houses = await openHouses({ text: noiseCsv(300, 1) });
  const verdict = await verdictOf(houses, { ...deciding(when), trainer: constant() });
  expect(verdict?.decision).toMatchObject({ kind: 'hold', because: 'below-baseline' });
  expect(verdict?.facts.baseline?.predicts).toBe(predicts);
});

test('noise that happens to be better than the constant is held with its standard error', async () => {
  const trainer = boostedTrees({ trees: 5, depth: 2, learningRate: 0.05, minLeafRows: 20, earlyStopping: 0 });
  const found: Verdict[] = [];
  for (let seed = 1; seed <= 6; seed++) {
    await using houses = await openHouses({ text: noiseCsv(120, seed) });
    const verdict = await verdictOf(houses, { ...deciding(lower('mae')), trainer });
    if (verdict) found.push(verdict);
  }
  const lucky = found.flatMap(({ decision }) => (decision.because === 'within-noise' ? [decision] : []));
  expect(lucky).not.toEqual([]);
  expect(found.map(({ decision }) => decision.kind)).toEqual(Array(6).fill('hold'));
  for (const { kind, gain, standardError } of lucky) {
    expect(kind).toBe('hold');
    expect(gain).toBeGreaterThan(0);
    expect(gain).toBeLessThanOrEqual(2 * standardError);
  }
});

test('by one standard error: the same again and a chance are held, twice the data goes live', async () => {
  const [head = '', ...lines] = housesCsv(800, 20_000).trimEnd().split('\n');
  const write = (houses: Houses, count: number): Promise<void> =>
    writeFile(join(houses.folder, 'houses.csv'), `${[head, ...lines.slice(0, count)].join('\n')}\n`);
  const trainer = boostedTrees({ trees: 80, depth: 4, minLeafRows: 3 });
  const change: Partial<Model> = {
    ...deciding(lower('mae', byError)),
    split: { group: 'id', test: 0.2 },
    trainer,
  };
  await using houses = await openHouses();
  await write(houses, 400);
  expect((await verdictOf(houses, change))?.decision).toEqual({ kind: 'promote', because: 'first' });
  const other = boostedTrees({ trees: 81, depth: 4, minLeafRows: 3 });
  const same = await verdictOf(houses, { ...change, trainer: other });
  expect(same?.decision).toMatchObject({ kind: 'hold', because: 'not-better' });
  await write(houses, 800);
  const grown = await verdictOf(houses, change);
  expect(grown?.decision).toMatchObject({ kind: 'promote', because: 'better' });
  const gain = grown?.decision.because === 'better' ? grown.decision.gain : 0;
  expect(gain).toBeGreaterThan(Number(grown?.facts.standardErrors?.champion));
});
