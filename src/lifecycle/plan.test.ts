import { expect, test } from 'vitest';
import { digestOf } from '../kernel/digest.ts';
import type { Bundler } from '../pipeline/ports.ts';
import { homesProject, toFeatures } from './homes.fixture.ts';
import { planProject, tasksFor } from './plan.ts';

const bundler: Bundler = {
  async bundle(value, field) {
    const digest = digestOf(String(value));
    return { key: digest, bundle: digest, label: field };
  },
};
const search = { trials: 2, space: { depth: [2, 3] } } as const;

test('a model unfolds into its tasks, each after what it reads', async () => {
  const { tasks, models } = await planProject(homesProject(), bundler);
  expect(
    tasks.map(({ name, inputs }) =>
      [name, ...new Set(Object.values(inputs).map(({ task }) => task))].join(' < '),
    ),
  ).toEqual([
    'listings.fetch',
    'listings < listings.fetch',
    'homes < listings',
    'home-price.split < homes',
    'home-price.features < homes',
    'home-price.train < homes < home-price.split < home-price.features',
    'home-price.evaluate < homes < home-price.split < home-price.train',
    'home-price.gate < homes < home-price.split < home-price.train < home-price.evaluate',
  ]);
  expect(tasks.at(-1)).toMatchObject({ reuse: 'never', declared: { kind: 'model', name: 'home-price' } });
  expect(models.get('home-price')?.features).toMatchObject({ label: 'models.home-price.features' });
  expect(models.get('home-price')?.features.key).toBe(digestOf(String(toFeatures)));
});

test('a model with a search learns with what the search found', async () => {
  const { tasks } = await planProject(homesProject({ search }), bundler);
  expect(tasks.find(({ operation }) => operation === 'search')).toMatchObject({
    name: 'home-price.search',
    params: { search, target: 'price', trainer: { options: { trees: 10 } } },
  });
  expect(tasks.find(({ operation }) => operation === 'train')?.inputs['best']).toEqual({
    task: 'home-price.search',
    output: 'best',
  });
});

test.each([
  ['listings', ['listings.fetch', 'listings']],
  ['homes', ['listings.fetch', 'listings', 'homes']],
  ['home-price.features', ['listings.fetch', 'listings', 'homes', 'home-price.features']],
])('%s is made by these tasks alone', async (target, names) => {
  const plan = await planProject(homesProject(), bundler);
  expect(tasksFor(plan, target).map(({ name }) => name)).toEqual(names);
});

test('a model is made by everything that it needs, and no target means everything', async () => {
  const plan = await planProject(homesProject(), bundler);
  expect(tasksFor(plan, 'home-price')).toEqual(plan.tasks);
  expect(tasksFor(plan, undefined)).toEqual(plan.tasks);
});

test('a target that is not there is refused with what is', async () => {
  const plan = await planProject(homesProject(), bundler);
  expect(() => tasksFor(plan, 'home')).toThrow(
    'no such task: target is "home". Name a source, step or model (listings, homes, home-price)',
  );
});
