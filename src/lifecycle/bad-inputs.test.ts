import { expect, test } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../kernel/random.ts';
import { defineProject } from '../project/define.ts';
import { model, type Model } from '../project/models/model.ts';
import { lower } from '../project/models/promotion.ts';
import { source } from '../project/tables/source.ts';
import { csv } from '../sources/csv/csv.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import type { Execution } from './execute.ts';
import { evaluate } from './operations/evaluate.ts';
import { type Houses, openHouses } from './houses.fixture.ts';
import { type MadeUpVisit, visitsCsv, visitsProject } from './kinds.fixture.ts';
import { factsOf } from '../pipeline/operation.ts';

type Kind = Parameters<typeof visitsProject>[0];
type ChangeOfRow = (row: number, visit: MadeUpVisit) => Partial<MadeUpVisit>;
const nameOf = { boolean: 'bought', class: 'plan', number: 'spent' } as const;

/** A run over 200 visits, the last 40 of which are the test rows. */
async function ran(
  kind: Kind,
  change: ChangeOfRow,
  declared: Partial<Model> = {},
): Promise<Pick<Execution, 'failures' | 'states'> & { readonly metrics: Readonly<Record<string, number>> }> {
  await using houses: Houses = await openHouses({ text: visitsCsv(200, change) });
  const project = visitsProject(kind, {
    ...(kind === 'number' && { transform: undefined }),
    trainer: boostedTrees({ trees: 3, depth: 2, minLeafRows: 5 }),
    ...declared,
  });
  const { failures, states } = await houses.run(project);
  const facts = states.get(`${nameOf[kind]}.evaluate`)?.facts;
  const metrics = facts && factsOf(evaluate, { operation: evaluate.name, facts })?.metrics;
  return { failures, states, metrics: metrics ?? {} };
}

test('a constant number is predicted as it is, and has no R²', async () => {
  const metrics = ['mae', 'r2', 'intervalCoverage'];
  const run = await ran('number', () => ({ spent: '42' }), { metrics });
  expect(run.failures).toEqual([]);
  expect(run.metrics).toMatchObject({ mae: 0, r2: Number.NaN, intervalCoverage: 1 });
});

test('test rows of one outcome have no AUC, and their other metrics are finite', async () => {
  const run = await ran('boolean', (row) => (row >= 160 ? { bought: 'true' } : {}), {
    metrics: ['auc', 'brier', 'logLoss'],
  });
  expect(run.failures).toEqual([]);
  expect(run.metrics['auc']).toBeNaN();
  expect(run.metrics['brier']).toBeGreaterThan(0);
  expect(run.metrics['logLoss']).toBeGreaterThan(0);
});

test.each([
  ['the training rows', (row: number) => row < 160],
  ['the test rows', (row: number) => row >= 160],
])('a class that %s lack leaves finite metrics', async (_side, lacks) => {
  const run = await ran(
    'class',
    (row, { plan }) => (lacks(row) && plan === 'business' ? { plan: 'team' } : {}),
    { metrics: ['logLoss', 'accuracy', 'macroF1'], promote: { alias: 'prod', when: lower('logLoss') } },
  );
  expect(run.failures).toEqual([]);
  expect(run.metrics['logLoss']).toBeGreaterThan(0);
  expect(run.metrics['logLoss']).toBeLessThan(20);
  for (const metric of ['accuracy', 'macroF1']) expect(run.metrics[metric]).toBeGreaterThan(0);
});

test('a column without values does no harm', async () => {
  const run = await ran('number', () => ({ pages: '' }));
  expect(run.failures).toEqual([]);
  expect(run.metrics['mae']).toBeGreaterThan(0);
});

test('no target at all is refused with the column', async () => {
  const { failures } = await ran('number', () => ({ spent: '' }));
  expect(failures).toMatchObject([
    {
      task: 'spent.split',
      error: { code: 'DATA_INVALID', detail: { value: 'missing in all 200 rows', field: 'target' } },
    },
  ]);
});

test.each<[string, Kind, Partial<MadeUpVisit>]>([
  ['an infinite target', 'number', { spent: 'Infinity' }],
  ['an infinite field', 'number', { pages: 'inf' }],
  ['a number beyond double precision', 'number', { pages: '1e400' }],
  ['an unknown class', 'class', { plan: 'none' }],
  ['a second format of dates', 'boolean', { day: '07/01/2024' }],
  ['a day that no calendar has', 'boolean', { day: '2024-02-30' }],
])('%s in every sixth row is refused with the first line and the column', async (_what, kind, change) => {
  const [[column, value] = ['', '']] = Object.entries(change);
  const { failures } = await ran(kind, (row) => (row % 6 === 0 && row > 0 ? change : {}));
  expect(failures).toHaveLength(1);
  expect(failures[0]).toMatchObject({
    error: {
      code: 'DATA_INVALID',
      detail: { field: expect.stringContaining(column), value: value },
    },
  });
  const detail = failures[0]?.error.detail;
  expect(detail?.remedy).toMatch(/./);
  expect(detail?.field).toMatch(/line 8|row 7/);
});

test.each<[string, Kind, Partial<MadeUpVisit>, number]>([
  ['an infinite target', 'number', { spent: 'Infinity' }, 1],
  ['a second format of dates', 'boolean', { day: '07/01/2024' }, 1],
  ['a NaN target, which is a missing one,', 'number', { spent: 'NaN' }, 0],
])('%s in one row does not stop the run', async (...[, kind, change, rejected]) => {
  const { failures, states } = await ran(kind, (row) => (row === 6 ? change : {}));
  expect(failures).toEqual([]);
  expect(states.get('visits')?.facts).toMatchObject({ rows: 200 - rejected });
  expect(states.get('visits')?.facts?.['rejected'] ?? 0).toBe(rejected);
});

test.each<[string, (minutes: number) => object, string, unknown]>([
  [
    'infinite for every row',
    (minutes) => ({ rate: 1 / (minutes - minutes) }),
    'row 1, feature rate',
    Infinity,
  ],
  ['no number', () => ({ rate: 'fast' }), 'row 1, feature rate', 'fast'],
])('a feature that is %s is refused with the row and the feature', async (...[, rate, field, value]) => {
  const features = ({ minutes }: { readonly minutes: number }): object => rate(minutes);
  const { failures } = await ran('number', () => ({}), { features: features as never });
  expect(failures).toMatchObject([
    { task: 'spent.features', error: { code: 'USER_CODE_FAILED', detail: { field, value } } },
  ]);
});

test('a feature that is infinite for one row is refused with that row', async () => {
  let asked = 0;
  const features = ({ minutes }: { readonly minutes: number }): object => {
    asked += 1;
    return { minutes, rate: asked === 8 ? -Infinity : 1 };
  };
  const { failures } = await ran('number', () => ({}), { features: features as never });
  expect(failures).toMatchObject([
    { task: 'spent.features', error: { detail: { field: 'row 8, feature rate', value: -Infinity } } },
  ]);
});

test('2,000 columns and 60 rows give a model that beats its baseline', { timeout: 120_000 }, async () => {
  const names = Array.from({ length: 2000 }, (_, at): `gene${number}` => `gene${at}`);
  const random = seededRandom(5);
  const lines = Array.from({ length: 60 }, (_, row) => {
    const genes = names.map(() => (random() * 10).toFixed(2));
    return [row, Number(genes[7]) > 5 ? 100 : 0, ...genes].join(',');
  });
  await using houses = await openHouses({ text: `id,weight,${names.join(',')}\n${lines.join('\n')}\n` });
  const fields: Record<`gene${number}`, z.ZodNumber> = Object.fromEntries(
    names.map((name) => [name, z.number()]),
  );
  const row = z.object({ id: z.string(), weight: z.number(), ...fields });
  const weight = model('weight', {
    rows: source('genes', csv({ from: 'houses.csv', row })),
    request: z.object(fields),
    features: (genes) => genes,
    target: 'weight',
    split: { group: 'id', test: 0.2 },
    trainer: boostedTrees({ trees: 40, depth: 2, minLeafRows: 5, learningRate: 0.3 }),
    metrics: ['mae'],
    promote: { alias: 'prod', when: lower('mae') },
  });
  const { failures, states } = await houses.run(defineProject('wide', { models: [weight] }));
  expect(failures).toEqual([]);
  const facts = states.get('weight.evaluate')?.facts;
  const { metrics, baseline } = factsOf(evaluate, { operation: evaluate.name, facts: facts ?? {} }) ?? {};
  expect(metrics?.['mae']).toBeLessThan((baseline?.metrics['mae'] ?? 0) / 2);
});
