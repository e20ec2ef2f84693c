import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readDataset, type TableDataset } from '../../data/dataset.ts';
import { readColumns } from '../../data/table-reader.ts';
import type { Digest } from '../../kernel/digest.ts';
import { requireFacts } from '../../pipeline/operation.ts';
import { defineProject } from '../../project/define.ts';
import type { Model } from '../../project/models/model.ts';
import { lower } from '../../project/models/promotion.ts';
import type { Split } from '../../project/models/split.ts';
import { source } from '../../project/tables/source.ts';
import { sql } from '../../project/tables/sql.ts';
import { step } from '../../project/tables/step.ts';
import { table, type TableRef } from '../../project/tables/table.ts';
import type { GateFacts } from '../../registry/gate.ts';
import { csv } from '../../sources/csv/csv.ts';
import { boostedTrees } from '../../training/boosted-trees/trainer.ts';
import { subsets } from '../../training/subsets.ts';
import { House, type Houses, housesCsv, housesProject, openHouses } from '../houses.fixture.ts';
import { readSubsetColumns } from '../rows/subsets-table.ts';
import { split as splitOperation } from '../operations/split.ts';

/** They learn their rows by heart, so a row that the live version learned from would show. */
const byHeart = boostedTrees({ trees: 60, depth: 6, learningRate: 0.3, minLeafRows: 2, earlyStopping: 0 });
const [header = '', ...lines] = housesCsv(400).trimEnd().split('\n');

interface Judged {
  readonly facts: GateFacts | undefined;
  readonly because: string | undefined;
  readonly tested: unknown;
  /** The ids of the rows that test. */
  readonly testedIds: ReadonlySet<unknown>;
}

async function testedIdsOf({ launched, blobs }: Houses): Promise<ReadonlySet<unknown>> {
  const tableOf = (input: 'rows' | 'subsets'): Promise<TableDataset> => {
    const spec = launched.findLast(({ inputs }) => inputs['rows'] && inputs['subsets']);
    return readDataset(spec?.inputs[input] as Digest, blobs) as Promise<TableDataset>;
  };
  const { subset } = await readSubsetColumns(await tableOf('subsets'), blobs);
  const { id } = await readColumns(await tableOf('rows'), blobs, ['id']);
  return new Set(Array.from<unknown>(id ?? []).filter((_, row) => subset[row] === subsets.test));
}

interface Judging {
  readonly split: Split;
  readonly row?: z.ZodObject;
  readonly head?: string;
  readonly rowsOf?: (row: z.ZodObject) => TableRef;
}

const keyless = (row: z.ZodObject): TableRef => source('listings', csv({ from: 'houses.csv', row }));

async function judged(
  houses: Houses,
  each: readonly string[],
  { split, row = House, head = header, rowsOf = keyless }: Judging,
): Promise<Judged> {
  await writeFile(join(houses.folder, 'houses.csv'), `${[head, ...each].join('\n')}\n`);
  const promote = { alias: 'prod', when: lower('mae'), first: 'always' } as const;
  const [model] = housesProject({ split, trainer: byHeart, promote }).models;
  const rows = rowsOf(row) as Model['rows'];
  const ran = await houses.run(defineProject('houses', { models: [{ ...model, rows } as Model] }));
  expect(ran.failures).toEqual([]);
  const verdict = ran.outcomes.get('house-price')?.verdict;
  const state = ran.states.get('house-price.split');
  const { tested } = requireFacts(splitOperation, { task: 'split', facts: (state?.facts ?? {}) as never });
  return {
    facts: verdict?.facts,
    because: verdict?.decision.because,
    tested,
    testedIds: await testedIdsOf(houses),
  };
}

const independent: Split = { rows: 'independent', test: 0.2 };
const byTime: Split = { by: 'sold', test: 0.2 };
const grouped: Split = { group: 'id', test: 0.2 };

const shuffled = (each: readonly string[]): readonly string[] =>
  each.toSorted((a, b) => a.slice(-4).localeCompare(b.slice(-4)));

const sharingTimes = (line: string, at: number): string =>
  line.replace(/202\d-\d\d-\d\d/, `2020-01-${10 + Math.floor(at / 26)}`);

test.each<[string, { split: Split; first: readonly string[]; next: readonly string[] }]>([
  [
    'rows drawn by content, more of them, in another order',
    { split: independent, first: lines.slice(0, 260), next: shuffled(lines) },
  ],
  [
    'rows drawn by content, some of them removed',
    { split: independent, first: lines, next: lines.filter((_, at) => at % 3 > 0) },
  ],
  [
    'groups, more of them, in another order',
    { split: grouped, first: lines.slice(0, 260), next: shuffled(lines) },
  ],
  ['later rows', { split: byTime, first: lines.slice(0, 260), next: lines }],
  [
    'later rows of which many have one time',
    { split: byTime, first: lines.slice(0, 260).map(sharingTimes), next: lines.map(sharingTimes) },
  ],
])('no test row was learned from: %s', async (_what, { split, first, next }) => {
  await using houses = await openHouses();
  expect((await judged(houses, first, { split })).because).toBe('first');
  const { facts, because } = await judged(houses, next, { split });
  expect(facts).toMatchObject({ leftOut: 0, champion: { version: 1, metrics: { mae: expect.any(Number) } } });
  expect(because).toMatch(/^(better|not-better)$/);
});

test('rows of the past that arrive late leave the first tested time where it was', async () => {
  await using houses = await openHouses();
  const late = lines
    .slice(0, 150)
    .map((line) => line.replace(/^\d+,\d{4}/, (found) => `9${found.slice(0, -4)}2016`));
  const before = await judged(houses, lines.slice(0, 250), { split: byTime });
  const after = await judged(houses, [...late, ...lines.slice(0, 250)], { split: byTime });
  expect(after.tested).toEqual(before.tested);
  expect(after.facts).toMatchObject({ leftOut: 0, tested: before.tested, champion: { version: 1 } });
});

test.each([
  ['many more than there were', 30],
  ['so many that the earlier test is a small part', 60],
])('late rows of the past, %s, are judged on rows that nobody learned from', async (_what, count) => {
  await using houses = await openHouses();
  const late = Array.from({ length: count }, (_, copy) =>
    lines
      .slice(0, 20)
      .map((line, at) => line.replace(/^\d+,\d{4}/, `${9000 + copy * 20 + at},${1900 + copy}`)),
  ).flat();
  const before = await judged(houses, lines.slice(0, 100), { split: byTime });
  const after = await judged(houses, [...late, ...lines.slice(0, 100)], { split: byTime });
  expect(after.tested).toEqual(before.tested);
  expect(after.facts).toMatchObject({
    leftOut: 0,
    champion: { version: 1, metrics: { mae: expect.any(Number) } },
  });
  expect(after.because).toMatch(/^(better|not-better)$/);
});

test('an added column moves no independent row into the test', async () => {
  await using houses = await openHouses();
  await judged(houses, lines.slice(0, 260), { split: independent });
  const row = House.extend({ rooms: z.number() });
  const wider = lines.map((line, at) => `${line},${at % 7}`);
  const { facts } = await judged(houses, wider, { split: independent, row, head: `${header},rooms` });
  expect(facts).toMatchObject({ leftOut: 0, champion: { version: 1, metrics: { mae: expect.any(Number) } } });
});

const corrected = (each: readonly string[]): readonly string[] =>
  each.map((line, at) => (at % 3 === 0 ? `${line}.25` : line));

const unique = { unique: 'id' } as never;
const through = (listings: TableRef, row: z.ZodObject): TableRef =>
  step('houses', { in: { listings }, out: { rows: table(row) } }, async ({ in: input, out }) => {
    await out.rows.write(input.listings as never);
  }).out.rows;

test.each<[string, (row: z.ZodObject) => TableRef]>([
  ['of the source', (row) => source('listings', csv({ from: 'houses.csv', row }), { key: 'id' as never })],
  ['checked to be unique', (row) => source('listings', csv({ from: 'houses.csv', row }), { checks: unique })],
  [
    'of the source, kept by a step',
    (row) => through(source('listings', csv({ from: 'houses.csv', row }), { key: 'id' as never }), row),
  ],
  [
    'checked to be unique, kept by a step and by SQL',
    (row) => {
      const listings = source('listings', csv({ from: 'houses.csv', row }), { checks: unique });
      const kept = through(listings, row);
      return sql('sound', { in: { kept }, out: table(row) }, 'SELECT * FROM kept');
    },
  ],
])('a corrected target leaves an independent row with a key %s on its side', async (_what, rowsOf) => {
  await using houses = await openHouses();
  const before = await judged(houses, lines.slice(0, 300), { split: independent, rowsOf });
  const after = await judged(houses, shuffled(corrected(lines)), { split: independent, rowsOf });
  expect(new Set([...after.testedIds].filter((id) => Number(id) <= 300))).toEqual(new Set(before.testedIds));
  expect(after.facts).toMatchObject({ leftOut: 0, champion: { metrics: { mae: expect.any(Number) } } });
});

test('with another seed, corrected rows that the live version learned from are known by their key', async () => {
  await using houses = await openHouses();
  const rowsOf = (row: z.ZodObject): TableRef =>
    source('listings', csv({ from: 'houses.csv', row }), { key: 'id' as never });
  await judged(houses, lines, { split: independent, rowsOf });
  const other: Split = { rows: 'independent', test: 0.5, seed: 1 };
  const same = await judged(houses, lines, { split: other, rowsOf });
  await using again = await openHouses();
  await judged(again, lines, { split: independent, rowsOf });
  const changed = await judged(
    again,
    lines.map((line) => `${line}.25`),
    { split: other, rowsOf },
  );
  expect(same.facts?.leftOut).toBeGreaterThan(100);
  expect(changed.facts?.leftOut).toBe(same.facts?.leftOut);
});

test('equal independent rows are on one side, however often they are repeated', async () => {
  await using houses = await openHouses();
  await judged(houses, lines.slice(0, 260), { split: independent });
  const { facts } = await judged(houses, [...lines, ...lines.slice(0, 300)], { split: independent });
  expect(facts).toMatchObject({ leftOut: 0, champion: { version: 1, metrics: { mae: expect.any(Number) } } });
});
