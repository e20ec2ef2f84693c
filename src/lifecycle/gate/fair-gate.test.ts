import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readDataset } from '../../data/dataset.ts';
import { readColumns } from '../../data/table-reader.ts';
import type { Digest } from '../../kernel/digest.ts';
import { seededRandom } from '../../kernel/random.ts';
import { defineProject } from '../../project/define.ts';
import type { Model } from '../../project/models/model.ts';
import type { Project } from '../../project/project.ts';
import { lower, type PromotionRule } from '../../project/models/promotion.ts';
import { source } from '../../project/tables/source.ts';
import type { Split } from '../../project/models/split.ts';
import { table } from '../../project/tables/table.ts';
import { boostedTrees } from '../../training/boosted-trees/trainer.ts';
import { step } from '../../project/tables/step.ts';
import type { Verdict } from '../../registry/model.ts';
import { csv } from '../../sources/csv/csv.ts';
import { subsets } from '../../training/split.ts';
import { House, type Houses, housesCsv, housesProject, openHouses } from '../houses.fixture.ts';

/** Trees that learn their rows by heart: they win on rows that they learned from, and nowhere else. */
const learnsByHeart = boostedTrees({
  trees: 60,
  depth: 6,
  learningRate: 0.3,
  minLeafRows: 2,
  earlyStopping: 0,
});
const drawn = { group: 'id', test: 0.3 } as const;

/** The first version stays live: no other is better by so much. */
const staying: PromotionRule = { alias: 'prod', when: lower('mae', { by: 1e9 }) };

const over = (split: Split, change: Partial<Model> = {}): Project =>
  housesProject({ split, trainer: learnsByHeart, promote: staying, ...change });

async function grow(houses: Houses, text: string): Promise<void> {
  await writeFile(join(houses.folder, 'houses.csv'), text);
}

async function verdictOf(houses: Houses, project: Project): Promise<Verdict | undefined> {
  const { outcomes, failures } = await houses.run(project);
  expect(failures).toEqual([]);
  return [...outcomes.values()][0]?.verdict;
}

/** The ids of the rows in these subsets, of the last task of this name. */
async function idsIn(houses: Houses, task: string, chosen: readonly number[]): Promise<ReadonlySet<string>> {
  const spec = houses.launched.findLast((launched) => launched.task === task);
  const columns = async (input: string, name: string): Promise<readonly (string | number | null)[]> => {
    const dataset = await readDataset(spec?.inputs[input] as Digest, houses.blobs);
    if (dataset.kind !== 'table') throw new Error(`${input} is no table`);
    const read = await readColumns(dataset, houses.blobs, [name]);
    return Array.from<string | number | null>(read[name] ?? []);
  };
  const [ids, subset] = [await columns('rows', 'id'), await columns('subsets', 'subset')];
  return new Set(ids.flatMap((id, row) => (chosen.includes(Number(subset[row])) ? [String(id)] : [])));
}

/** What the next version and the live one were measured on, and what the live one had learned from. */
async function overlap(houses: Houses, learned: ReadonlySet<string>): Promise<readonly string[]> {
  const measured = await idsIn(houses, 'house-price.champion', [subsets.test]);
  return [...measured].filter((id) => learned.has(id));
}

const learnedIn = (houses: Houses): Promise<ReadonlySet<string>> =>
  idsIn(houses, 'house-price.train', [subsets.train, subsets.validation]);

test('with more rows no row that the live version learned from tests the new one', async () => {
  await using houses = await openHouses({ text: housesCsv(200) });
  expect((await verdictOf(houses, over(drawn)))?.decision).toEqual({ kind: 'promote', because: 'first' });
  const learned = await learnedIn(houses);
  await grow(houses, housesCsv(300));
  const verdict = await verdictOf(houses, over(drawn));
  expect(verdict?.facts.leftOut).toBe(0);
  expect(verdict?.facts.testRows).toBeGreaterThan(70);
  expect(await overlap(houses, learned)).toEqual([]);
  expect([...(await idsIn(houses, 'house-price.train', [2]))].filter((id) => learned.has(id))).toEqual([]);
});

test('with another seed the rows that the live version learned from are left out, for both versions', async () => {
  await using houses = await openHouses({ text: housesCsv(400) });
  await verdictOf(houses, over(drawn));
  const learned = await learnedIn(houses);
  const { facts } = (await verdictOf(houses, over({ ...drawn, seed: 9 }))) ?? {};
  const tested = await idsIn(houses, 'house-price.train', [subsets.test]);
  expect(facts?.leftOut).toBe([...tested].filter((id) => learned.has(id)).length);
  expect(facts?.leftOut).toBeGreaterThan(50);
  expect(facts?.testRows).toBe(tested.size - (facts?.leftOut ?? 0));
  expect(await overlap(houses, learned)).toEqual([]);
  expect(await idsIn(houses, 'house-price.candidate', [subsets.test])).toEqual(
    await idsIn(houses, 'house-price.champion', [subsets.test]),
  );
});

test('rows whose values were corrected are recognised by their group', async () => {
  await using houses = await openHouses({ text: housesCsv(400) });
  await verdictOf(houses, over(drawn));
  const learned = await learnedIn(houses);
  await grow(houses, housesCsv(400).replaceAll(/(\d)\n/g, '$17\n'));
  const { facts } = (await verdictOf(houses, over({ ...drawn, seed: 9 }))) ?? {};
  const tested = await idsIn(houses, 'house-price.train', [subsets.test]);
  expect(facts?.leftOut).toBe([...tested].filter((id) => learned.has(id)).length);
  expect(await overlap(houses, learned)).toEqual([]);
});

test('fewer rows: later times test the live version, and where too few are left a person decides', async () => {
  await using houses = await openHouses({ text: housesCsv(300) });
  const byTime = { by: 'sold', test: 0.4 } as const;
  await verdictOf(houses, over(byTime));
  await grow(houses, housesCsv(260));
  expect((await verdictOf(houses, over(byTime)))?.facts).toMatchObject({ leftOut: 0, testRows: 80 });
  const another = over({ by: 'sold', test: 0.4001 });
  expect((await verdictOf(houses, another))?.facts, 'another rule').toMatchObject({
    leftOut: 24,
    testRows: 80,
  });
  await grow(houses, housesCsv(180));
  expect(await verdictOf(houses, over(byTime))).toMatchObject({
    decision: {
      kind: 'hold',
      because: 'incomparable',
      reason: 'it learned from 72 of the 72 test rows, and 0 are too few for a comparison',
    },
    facts: { testRows: 72, leftOut: 0 },
  });
});

test('a change from groups to times does not hide what the live version learned from', async () => {
  await using houses = await openHouses({ text: housesCsv(400) });
  await verdictOf(houses, over(drawn));
  const learned = await learnedIn(houses);
  const { facts } = (await verdictOf(houses, over({ by: 'sold', test: 0.3 }))) ?? {};
  expect((facts?.leftOut ?? 0) + (facts?.testRows ?? 0)).toBe(120);
  expect(facts?.leftOut).toBeGreaterThan(60);
  expect(await overlap(houses, learned)).toEqual([]);
});

test('rows in another order, and with other numbers, are recognised', async () => {
  await using houses = await openHouses({ text: housesCsv(400) });
  await verdictOf(houses, over(drawn));
  const [head, ...lines] = housesCsv(400).trimEnd().split('\n');
  const reversed = lines.toReversed();
  await grow(houses, `${[head, ...reversed].join('\n')}\n`);
  expect((await verdictOf(houses, over(drawn, { trainer: boostedTrees({ trees: 3 }) })))?.facts.leftOut).toBe(
    0,
  );
  const renumbered = reversed.map((line, at) => line.replace(/^\d+/, String(at + 1)));
  await grow(houses, `${[head, ...renumbered].join('\n')}\n`);
  const { facts } = (await verdictOf(houses, over(drawn, { trainer: boostedTrees({ trees: 4 }) }))) ?? {};
  expect(facts?.leftOut).toBeGreaterThan(60);
  expect(facts?.testRows).toBeGreaterThan(20);
});

/** The same rows from a step that gives the column `id` another name, and perhaps other sizes. */
function renamed(more: number): Project {
  const Lot = House.omit({ id: true }).extend({ lot: z.string() });
  const listings = source('listings', csv({ from: 'houses.csv', row: House }));
  const lots = step(
    'lots',
    { in: { listings }, out: { rows: table(Lot) }, params: { more } },
    async ({ in: input, out, params }) => {
      for await (const { id, ...house } of input.listings)
        await out.rows.write([{ ...house, size: house.size + params.more, lot: `lot ${id}` }]);
    },
  );
  const [model] = over(drawn).models;
  const split = { group: 'lot', test: 0.3 };
  return defineProject('houses', { models: [{ ...model, rows: lots.out.rows, split } as Model] });
}

test('rows whose group column was renamed are recognised by their values, or a person decides', async () => {
  await using houses = await openHouses({ text: housesCsv(400) });
  await verdictOf(houses, over(drawn));
  const { facts } = (await verdictOf(houses, renamed(0))) ?? {};
  expect(facts?.leftOut).toBeGreaterThan(60);
  expect(facts?.champion).toMatchObject({ version: 1, metrics: { mae: expect.any(Number) } });
  expect((await verdictOf(houses, renamed(0.5)))?.decision).toMatchObject({
    because: 'incomparable',
    reason: expect.stringContaining('the column "id" is missing or has changed'),
  });
});

test('a live version of another target is not compared', async () => {
  await using houses = await openHouses({ text: housesCsv(200) });
  await verdictOf(houses, over(drawn));
  const other = over(drawn, {
    target: 'size',
    features: (({ garden }: { garden: boolean }) => ({ garden: Number(garden) })) as never,
    request: z.object({ garden: z.boolean() }),
  });
  expect((await verdictOf(houses, other))?.decision).toMatchObject({
    because: 'incomparable',
    reason: 'it predicts "price", and the new version "size"',
  });
});

/** Prices that have nothing to do with the houses. */
function noiseCsv(rows: number): string {
  const random = seededRandom(3);
  const lines = housesCsv(rows).trimEnd().split('\n');
  return `${lines.map((line, at) => (at === 0 ? line : line.replace(/\d+$/, String(Math.round(1e5 / (0.05 + random())))))).join('\n')}\n`;
}

const rule = (first?: 'always'): PromotionRule => ({
  alias: 'prod',
  when: lower('mae'),
  ...(first && { first }),
});

test('a first version that does not beat the median is held, unless the project says otherwise', async () => {
  await using houses = await openHouses({ text: noiseCsv(200) });
  const held = await verdictOf(houses, over(drawn, { promote: rule() }));
  expect(held).toMatchObject({
    decision: { kind: 'hold', because: 'below-baseline', metric: 'mae', gain: expect.any(Number) },
    facts: { champion: null, baseline: { predicts: 'median', metrics: { mae: expect.any(Number) } } },
  });
  const { candidate, baseline } = held?.facts ?? {};
  expect(candidate?.metrics['mae']).toBeGreaterThan(baseline?.metrics['mae'] ?? Infinity);
  expect(await houses.registry.aliases('house-price')).toEqual({});
  expect((await verdictOf(houses, over(drawn, { promote: rule('always') })))?.decision).toEqual({
    kind: 'promote',
    because: 'first',
  });
  expect(await houses.registry.aliases('house-price')).toEqual({ prod: 1 });
});

test('the baseline is the better constant of the rows that were learned from, measured on the test rows', async () => {
  await using houses = await openHouses({ text: housesCsv(200) });
  const verdict = await verdictOf(houses, over({ by: 'sold', test: 0.2 }));
  const prices = housesCsv(200)
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => Number(line.split(',').at(-1)));
  const learned = prices.slice(0, 160).toSorted((a, b) => a - b);
  const median = ((learned[79] ?? 0) + (learned[80] ?? 0)) / 2;
  const mean = learned.reduce((sum, price) => sum + price, 0) / 160;
  const maeOf = (constant: number): number =>
    prices.slice(160).reduce((sum, price) => sum + Math.abs(price - constant), 0) / 40;
  expect(maeOf(mean)).toBeLessThan(maeOf(median));
  expect(verdict?.facts.baseline).toMatchObject({ predicts: 'mean' });
  expect(verdict?.facts.baseline?.metrics['mae']).toBeCloseTo(maeOf(mean), 6);
});

test('a row without a target is set aside and counted, and never counts as 0', async () => {
  await using houses = await openHouses({ text: housesCsv(200) });
  const Unsold = House.extend({ price: z.number().nullable() });
  const listings = source('listings', csv({ from: 'houses.csv', row: Unsold }));
  const rows = step(
    'houses',
    { in: { listings }, out: { rows: table(Unsold) }, params: {} },
    async ({ in: input, out }) => {
      await out.rows.write(input.listings);
    },
  );
  const [model] = over(drawn).models;
  const project = defineProject('houses', { models: [{ ...model, rows: rows.out.rows } as Model] });
  const whole = await verdictOf(houses, project);
  const [head, ...lines] = housesCsv(260).trimEnd().split('\n');
  const blank = lines.map((line, at) => (at < 200 ? line : line.replace(/\d+$/, '')));
  await grow(houses, `${[head, ...blank].join('\n')}\n`);
  const { states } = await houses.run(project);
  expect(states.get('house-price.split')?.facts).toMatchObject({
    withoutTarget: 60,
    trainedOn: { to: null },
  });
  expect(states.get('house-price.evaluate')?.facts).toMatchObject({
    metrics: whole?.facts.candidate.metrics,
    rows: whole?.facts.testRows,
  });
});
