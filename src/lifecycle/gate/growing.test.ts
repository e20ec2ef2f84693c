import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../../kernel/random.ts';
import { defineProject } from '../../project/define.ts';
import { model } from '../../project/models/model.ts';
import type { Project } from '../../project/project.ts';
import { lower } from '../../project/models/promotion.ts';
import { source } from '../../project/tables/source.ts';
import { boostedTrees } from '../../training/boosted-trees/trainer.ts';
import type { Verdict } from '../../registry/model.ts';
import { csv } from '../../sources/csv/csv.ts';
import { table } from '../../project/tables/table.ts';
import { step } from '../../project/tables/step.ts';
import { type Houses, openHouses } from '../houses.fixture.ts';

const names = ['x0', 'x1', 'x2', 'x3', 'x4', 'x5', 'x6', 'x7'] as const;
const Numbers = z.object({
  x0: z.number(),
  x1: z.number(),
  x2: z.number(),
  x3: z.number(),
  x4: z.number(),
  x5: z.number(),
  x6: z.number(),
  x7: z.number(),
});
const Row = Numbers.extend({ row: z.int(), y: z.number() });

/** Lines with a number each and no time, as `modelyard init` makes of a CSV; trees that learn their rows by heart. */
function project(first?: 'always'): Project {
  const raw = source('raw', csv({ from: 'houses.csv', row: Row }));
  const cleaned = step(
    'cleaned',
    { in: { raw }, out: { rows: table(Row) }, params: {} },
    async ({ in: input, out }) => {
      await out.rows.write(input.raw);
    },
  );
  const growing = model('growing', {
    rows: cleaned.out.rows,
    request: Numbers,
    features: (asked) => ({ ...asked }),
    target: 'y',
    split: { group: 'row', test: 0.2 },
    trainer: boostedTrees({ trees: 60, depth: 6, learningRate: 0.3, minLeafRows: 2, earlyStopping: 0 }),
    metrics: ['mae'],
    promote: { alias: 'prod', when: lower('mae'), ...(first && { first }) },
  });
  return defineProject('growing', { models: [growing] });
}

const numbered = (lines: readonly string[]): string =>
  `row,${names.join(',')},y\n${lines.map((line, at) => `${at + 1},${line}\n`).join('')}`;

async function verdict(
  houses: Houses,
  lines: readonly string[],
  first?: 'always',
): Promise<Verdict | undefined> {
  await writeFile(join(houses.folder, 'houses.csv'), numbered(lines));
  const { outcomes, failures } = await houses.run(project(first));
  expect(failures).toEqual([]);
  return outcomes.get('growing')?.verdict;
}

function madeUp(rows: number): readonly string[] {
  const random = seededRandom(5);
  return Array.from({ length: rows }, () => {
    const x = names.map(() => random());
    const [a = 0, b = 0, c = 0] = x;
    const y = 30 + 40 * a * b + 20 * Math.sin(6 * c) + 10 * (random() - 0.5);
    return [...x, y].map((value) => value.toFixed(3)).join(',');
  });
}

test('with half as many lines again, a model that learned more wins over one that knows its lines by heart', async () => {
  const lines = madeUp(600);
  await using houses = await openHouses();
  expect((await verdict(houses, lines.slice(0, 400)))?.decision).toEqual({
    kind: 'promote',
    because: 'first',
  });
  const grown = await verdict(houses, lines);
  expect(grown?.facts).toMatchObject({ leftOut: 0, champion: { version: 1 } });
  expect(grown?.decision).toMatchObject({ kind: 'promote', because: 'better' });
});

const cases = join(import.meta.dirname, '../../../../shared/reference/cases/csv');
const given = existsSync(join(cases, 'growing-2.csv'));

test.skipIf(!given)('the growing lines of the cases are judged fairly (needs ../shared)', async () => {
  const linesOf = async (file: string): Promise<readonly string[]> =>
    (await readFile(join(cases, file), 'utf8')).trimEnd().split(/\r?\n/).slice(1);
  const [before, after] = [await linesOf('growing-1.csv'), await linesOf('growing-2.csv')];
  await using houses = await openHouses();
  // These trees do worse than a constant on such lines: without 'always' none would go live.
  expect((await verdict(houses, before))?.decision).toMatchObject({ because: 'below-baseline' });
  expect((await verdict(houses, before, 'always'))?.decision).toMatchObject({ kind: 'promote' });
  const grown = await verdict(houses, [...before, ...after.slice(-200)], 'always');
  expect(grown?.facts).toMatchObject({
    leftOut: 0,
    champion: { version: 1, metrics: { mae: expect.any(Number) } },
  });
  expect(grown?.decision).toMatchObject({ kind: 'promote', because: 'better' });
});
