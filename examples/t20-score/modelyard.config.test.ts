import { type RawFile, rowsOfBatches } from 'modelyard';
import type { Delivery } from 'modelyard/sources';
import { expect, test } from 'vitest';
import { fromOverFive, type Innings, Situation, toFeatures } from './innings.ts';
import project, { matches, score } from './modelyard.config.ts';
import { writeMatches } from './simulate.ts';
import { ballByBall } from './steps.ts';

test('without data the project is made of made-up matches, the latest quarter of which test', () => {
  expect(project.models).toEqual([score]);
  expect(project.steps.map(({ name }) => name)).toEqual(['innings']);
  expect(matches.reader.from).toMatchObject({ kind: 'simulation', args: { seed: 1, matches: 400 } });
  expect(score.split).toEqual({ by: 'date', group: 'match', test: 0.25 });
});

test('the measure from over 5 on leaves the first overs out', () => {
  expect([0, 29, 30, 120].map((ballsBowled) => fromOverFive({ ballsBowled } as Innings))).toEqual([
    false,
    false,
    true,
    true,
  ]);
});

test('made-up matches go through the reader, the step and the features', async () => {
  const deliveries = await readAll(
    rowsOfBatches(
      matches.reader.read(filesOf(150), {
        options: matches.reader.options,
        schema: matches.reader.table.schema,
        log: () => {},
        progress: () => {},
      }),
    ),
  );
  expect(new Set(deliveries.map(({ innings }) => innings).filter((innings) => innings <= 2)).size).toBe(2);
  expect(new Set(deliveries.map(({ venue }) => venue)).size).toBeLessThanOrEqual(25);
  const rows: Innings[] = [];
  const write = async (more: Iterable<Innings> | AsyncIterable<Innings>): Promise<void> => {
    rows.push(...(await readAll(more)));
  };
  const table = { rows: deliveries.length, [Symbol.asyncIterator]: () => iterate(deliveries) };
  await ballByBall({
    in: { matches: table },
    out: { rows: { write } },
    params: {},
    log: () => {},
    progress: () => {},
  });
  expect(new Set(rows.map(({ match }) => match)).size).toBeGreaterThan(90);
  const unsound = rows.filter(
    (row) => !Object.values(toFeatures(Situation.parse(row))).every(Number.isFinite),
  );
  expect(unsound).toEqual([]);
});

function filesOf(count: number): readonly RawFile[] {
  return [...writeMatches({ seed: 5, matches: count })].map(({ name, text }) => ({
    name,
    digest: '0'.repeat(64) as RawFile['digest'],
    bytes: async () => new TextEncoder().encode(text),
  }));
}

async function* iterate(deliveries: readonly Delivery[]): AsyncGenerator<Delivery> {
  yield* deliveries;
}

async function readAll<Row>(rows: Iterable<Row> | AsyncIterable<Row>): Promise<readonly Row[]> {
  const read: Row[] = [];
  for await (const row of rows) read.push(row);
  return read;
}
