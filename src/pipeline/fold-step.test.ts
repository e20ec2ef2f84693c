import { expect, test } from 'vitest';
import { z } from 'zod';
import { readDataset } from '../data/dataset.ts';
import { readRows } from '../data/table-reader.ts';
import type { Digest } from '../kernel/digest.ts';
import { defineProject } from '../project/define.ts';
import { fold } from '../project/tables/fold.ts';
import { step, type StepContext } from '../project/tables/step.ts';
import { table } from '../project/tables/table.ts';
import { foldStep } from './fold-step.ts';
import { openWorkbench } from './operations.fixture.ts';
import { planTasks } from './plan-tasks.ts';
import { userStep } from './user-step.ts';

const Play = z.object({ game: z.string(), at: z.iso.datetime(), points: z.int() });
type Play = z.infer<typeof Play>;
const State = z.object({ total: z.int().min(0), plays: z.int() });
type State = z.infer<typeof State>;
const plays = step('plays', { in: {}, out: { rows: table(Play) } }, async () => {});
const afterPlay = (state: State, play: Play): State => ({
  total: state.total + play.points,
  plays: state.plays + 1,
});
const states = fold(
  'states',
  { in: plays.out.rows, key: 'game', at: 'at', out: table(State), start: { total: 0, plays: 0 } },
  afterPlay,
);

const at = (minute: number): string => `2024-01-01T10:0${minute}:00.000Z`;
const rows: readonly Play[] = [
  { game: 'a', at: at(3), points: 3 },
  { game: 'b', at: at(1), points: 1 },
  { game: 'a', at: at(1), points: 2 },
  { game: 'a', at: at(1), points: 5 },
];

async function run(next: (state: State, play: Play) => unknown, input = rows) {
  await using bench = await openWorkbench([userStep, foldStep]);
  const fill = async ({ out }: StepContext<Record<string, never>, { rows: Play }>): Promise<void> =>
    out.rows.write(input);
  const filled = await bench.work('step', {
    code: { run: fill },
    outputs: { rows: { kind: 'table', schema: table(Play).schema } },
  });
  const result = await bench.work('fold', {
    inputs: { rows: filled.outputs['rows'] as Digest },
    code: { next },
    params: { key: 'game', at: 'at', start: { total: 0, plays: 0 } },
    outputs: { rows: { kind: 'table', schema: states.table.schema } },
  });
  const dataset = await readDataset(result.outputs['rows'] as Digest, bench.blobs);
  const written: object[] = [];
  if (dataset.kind === 'table') for await (const row of readRows(dataset, bench.blobs)) written.push(row);
  return { facts: result.facts, written };
}

const expected = [
  { game: 'b', at: at(1), total: 1, plays: 1 },
  { game: 'a', at: at(1), total: 2, plays: 1 },
  { game: 'a', at: at(1), total: 7, plays: 2 },
  { game: 'a', at: at(3), total: 10, plays: 3 },
];

test('each row gives the state of its key after it, in order of time; rows of one time keep their order', async () => {
  expect(await run(afterPlay)).toEqual({ facts: { rows: 4, keys: 2 }, written: expected });
});

test('a function that changes its state does not change that of other keys', async () => {
  const changing = (state: { -readonly [Name in keyof State]: State[Name] }, play: Play): State => {
    state.total += play.points;
    state.plays += 1;
    return state;
  };
  expect((await run(changing)).written).toEqual(expected);
});

test('a state that the table refuses is named with its key and time', async () => {
  const work = run(
    (state, play) => ({ ...afterPlay(state, play), total: play.points === 3 ? -1 : 0 }),
    [{ game: 'c', at: at(4), points: 0 }, ...rows],
  );
  await expect(work).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: {
      field: expect.stringMatching(
        /^column total in row 4 of .*, after \{"game":"a","at":"2024-01-01T10:03:00.000Z"\}$/,
      ),
      value: -1,
    },
  });
});

test.each([
  [
    () => undefined,
    'must be an object with the columns of the state: return it from the function of the fold (missing)',
  ],
  [async (state: State) => state, 'must be an object with the columns of the state'],
])('a state that is no object is refused', async (next, message) => {
  await expect(run(next)).rejects.toThrow(message);
});

test('its task has the rows, the code and the start', async () => {
  const bundle = async (_value: unknown, field: string) => ({
    key: 'k' as Digest,
    bundle: 'b' as Digest,
    label: field,
  });
  const tasks = await planTasks(defineProject('p', { steps: [states] }), [userStep, foldStep], { bundle });
  expect(tasks.at(-1)).toMatchObject({
    name: 'states',
    inputs: { rows: { task: 'plays', output: 'rows' } },
    code: { next: { label: 'folds.states.next' } },
    params: { key: 'game', at: 'at', start: { total: 0, plays: 0 } },
  });
});
