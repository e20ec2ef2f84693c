import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import type { Bundler } from '../pipeline/ports.ts';
import { housesProject, toFeatures } from './houses.fixture.ts';
import { planProject, tasksFor } from './plan.ts';

const bundler: Bundler = {
  async bundle(value, field) {
    const digest = digestOf(String(value));
    return { key: digest, bundle: digest, label: field };
  },
};
const search = { trials: 2, space: { depth: [2, 3] } } as const;

test('a model unfolds into its tasks, each after what it reads', async () => {
  const { tasks, models } = await planProject(housesProject(), bundler);
  expect(
    tasks.map(({ name, inputs }) =>
      [name, ...new Set(Object.values(inputs).map(({ task }) => task))].join(' < '),
    ),
  ).toEqual([
    'listings.fetch',
    'listings < listings.fetch',
    'houses < listings',
    'house-price.features < houses',
    'house-price.split < houses < house-price.features',
    'house-price.train < houses < house-price.split < house-price.features',
    'house-price.evaluate < houses < house-price.split < house-price.train < house-price.features',
    'house-price.gate < houses < house-price.split < house-price.train < house-price.evaluate',
  ]);
  expect(tasks.at(-1)).toMatchObject({ reuse: 'never', declared: { kind: 'model', name: 'house-price' } });
  expect(models.get('house-price')?.features).toMatchObject({ label: 'models.house-price.features' });
  expect(models.get('house-price')?.features.key).toBe(digestOf(String(toFeatures)));
});

test('a model with a search learns with what the search found', async () => {
  const { tasks } = await planProject(housesProject({ search }), bundler);
  expect(tasks.find(({ operation }) => operation === 'search')).toMatchObject({
    name: 'house-price.search',
    params: { search, target: 'price', trainer: { options: { trees: 10 } } },
  });
  expect(tasks.find(({ operation }) => operation === 'train')?.inputs['best']).toEqual({
    task: 'house-price.search',
    output: 'best',
  });
});

test.each([
  ['listings', ['listings.fetch', 'listings']],
  ['houses', ['listings.fetch', 'listings', 'houses']],
  ['house-price.features', ['listings.fetch', 'listings', 'houses', 'house-price.features']],
])('%s is made by these tasks alone', async (target, names) => {
  const plan = await planProject(housesProject(), bundler);
  expect(tasksFor(plan, target).map(({ name }) => name)).toEqual(names);
});

test('a model is made by everything that it needs, and no target means everything', async () => {
  const plan = await planProject(housesProject(), bundler);
  expect(tasksFor(plan, 'house-price')).toEqual(plan.tasks);
  expect(tasksFor(plan, undefined)).toEqual(plan.tasks);
});

test('a target that is not there is refused with what is', async () => {
  const plan = await planProject(housesProject(), bundler);
  expect(() => tasksFor(plan, 'home')).toThrow(
    'no such task: Name a source, step or model (listings, houses, house-price)',
  );
});
