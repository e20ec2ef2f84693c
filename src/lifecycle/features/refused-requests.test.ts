import { expect, test } from 'vitest';
import { z } from 'zod';
import { notesOf } from '../../pipeline/operation.ts';
import { defineProject } from '../../project/define.ts';
import { type Features, model, type Model } from '../../project/models/model.ts';
import { lower } from '../../project/models/promotion.ts';
import { source } from '../../project/tables/source.ts';
import { csv } from '../../sources/csv/csv.ts';
import { boostedTrees } from '../../training/boosted-trees/trainer.ts';
import type { Execution } from '../execute.ts';
import { openHouses } from '../houses.fixture.ts';
import { operations } from '../operations/all.ts';
import { RefusedRequests } from './refused-requests.ts';
import { requestOf } from './request-of.ts';

interface Flat {
  readonly town: string;
  readonly rooms: string;
}

const Row = z.object({
  id: z.string(),
  sold: z.iso.date(),
  town: z.string(),
  rooms: z.number().nullable(),
  price: z.number(),
});
const towns = ['Bonn', 'Kiel'] as const;
const Question = z.object({ town: z.string(), rooms: z.number().nullable() });

/** So many flats, of which some rows are otherwise. */
function flatsCsv(rows: number, change: (row: number) => Partial<Flat>): string {
  const lines = Array.from({ length: rows }, (_, row) => {
    const rooms = 1 + (row % 7);
    const flat = { town: towns[row % 2] ?? '', rooms: String(rooms), ...change(row) };
    const sold = new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10);
    return `${row + 1},${sold},${flat.town},${flat.rooms},${1000 * rooms + 500 * (row % 2)}`;
  });
  return `id,sold,town,rooms,price\n${lines.join('\n')}\n`;
}

interface Ran {
  readonly failures: Execution['failures'];
  readonly states: Execution['states'];
  readonly decision: unknown;
  readonly subset: readonly number[];
  readonly notes: readonly string[];
}

async function ran(
  request: z.ZodObject,
  { text, change = {} }: { readonly text: string; readonly change?: Partial<Model> },
): Promise<Ran> {
  await using houses = await openHouses({ text });
  const flats = model('rent', {
    rows: source('flats', csv({ from: 'houses.csv', row: Row })),
    request: Question,
    features: ({ town, rooms }): Features => ({
      inKiel: Number(town === 'Kiel'),
      rooms: rooms ?? Number.NaN,
    }),
    target: 'price',
    split: { group: 'id', test: 0.2 },
    trainer: boostedTrees({ trees: 20, depth: 3, minLeafRows: 3 }),
    metrics: ['mae'],
    promote: { alias: 'prod', when: lower('mae') },
  });
  const project = defineProject('flats', { models: [{ ...flats, request, ...change } as Model] });
  const { failures, states, outcomes } = await houses.run(project);
  const facts = states.get('rent.features')?.facts;
  const { train = 0, test: tested = 0 } = { ...states.get('rent.split')?.facts };
  return {
    failures,
    states,
    decision: outcomes.get('rent')?.verdict?.decision,
    subset: [Number(train), Number(tested)],
    notes: facts ? notesOf(operations, { operation: 'features', facts }) : [],
  };
}

const rowsWith =
  (rows: readonly number[], change: Partial<Flat>) =>
  (row: number): Partial<Flat> =>
    rows.includes(row) ? change : {};

test.each<[string, z.ZodObject, Partial<Flat>, string]>([
  ['a choice that its enum lacks', Question.extend({ town: z.enum(towns) }), { town: 'Ulm' }, 'town: "Ulm"'],
  ['a number below its least', Question.extend({ rooms: z.number().min(1) }), { rooms: '0' }, 'rooms: 0'],
  ['a number above its largest', Question.extend({ rooms: z.number().max(9) }), { rooms: '99' }, 'rooms: 99'],
  ['no value where it needs one', Question.extend({ rooms: z.number() }), { rooms: '' }, 'rooms: null'],
  [
    'a value that a refinement refuses',
    Question.extend({ rooms: z.number().refine((rooms) => rooms !== 42, 'no such flat') }),
    { rooms: '42' },
    'rooms: 42',
  ],
])('rows with %s are set aside, counted and named', async (...[, request, change, named]) => {
  const text = flatsCsv(200, rowsWith([0, 17, 55, 90], change));
  const { failures, states, decision, subset, notes } = await ran(request, { text });
  expect(failures).toEqual([]);
  expect(states.get('rent.features')?.facts).toMatchObject({
    rows: 200,
    refused: { rows: 4, first: [expect.stringContaining(named), expect.anything(), expect.anything()] },
  });
  expect((subset[0] ?? 0) + (subset[1] ?? 0)).toBe(196);
  expect(decision).toEqual({ kind: 'promote', because: 'first' });
  expect(notes).toEqual([
    expect.stringMatching(/^set aside: .*The request schema refuses it \(.+\).*\(row 1, /),
    expect.stringContaining('row 18, '),
    expect.stringContaining('row 56, '),
    '… and 1 more rows that the request schema refuses',
  ]);
});

test('more of them than one in 20 end the run, with row, field, value and what to do', async () => {
  const text = flatsCsv(200, rowsWith([3, 17, 55, 90, 91, 92, 93, 94, 95, 96, 97], { town: 'Ulm' }));
  const { failures } = await ran(Question.extend({ town: z.enum(towns) }), { text });
  expect(failures).toMatchObject([
    {
      task: 'rent.features',
      error: {
        code: 'DATA_INVALID',
        detail: {
          field: 'row 4, town',
          value: 'Ulm',
          remedy: expect.stringMatching(
            /or widen the schema\. 11 of the first 98 rows are refused, and at most 5% of all 200 are set aside\.$/,
          ),
        },
      },
    },
  ]);
});

test.each<[string, number, number]>([
  ['many', 300, 16],
  ['few', 10, 1],
  ['one', 1, 1],
])('of %s refused rows, no more are kept than may be set aside and one', (_, total, kept) => {
  const refused = new RefusedRequests(total);
  const request = (at: number): unknown => requestOf({ rooms: 'no' }, z.object({ rooms: z.number() }), at);
  const all = (): void => {
    for (let row = 0; row < total; row++) refused.requestAt({ request }, row, row);
  };
  expect(all).toThrow(/row 1, rooms/);
  expect(refused.rows).toHaveLength(kept);
});

test.each<[string, Partial<Model>, number]>([
  [
    'a transformed target',
    {
      transform: {
        forward: (price: number, { rooms }: { readonly rooms: number }) => price / rooms,
        inverse: (rate: number, { rooms }: { readonly rooms: number }) => rate * rooms,
      } as never,
    },
    196,
  ],
  [
    'a walk through time',
    { split: { by: 'sold', test: { from: '2020-05-01', refit: 'month' } } as never },
    // A month that tested trains the fits of the months after it.
    196 + 60,
  ],
  [
    'a baseline',
    { baselines: { byHand: (({ rooms }: { readonly rooms: number }) => 900 * rooms) as never } },
    196,
  ],
])('they train nothing and test nothing with %s', async (_, change, used) => {
  const request = Question.extend({ rooms: z.number().min(1) });
  const text = flatsCsv(200, rowsWith([0, 17, 130, 190], { rooms: '0' }));
  const { failures, states, decision, subset } = await ran(request, { text, change });
  expect(failures).toEqual([]);
  expect(states.get('rent.features')?.facts).toMatchObject({ refused: { rows: 4 } });
  expect((subset[0] ?? 0) + (subset[1] ?? 0)).toBe(used);
  expect(decision).toEqual({ kind: 'promote', because: 'first' });
});
