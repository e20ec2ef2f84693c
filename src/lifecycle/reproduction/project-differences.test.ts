import { expect, test } from 'vitest';
import { digestOf } from '../../kernel/digest.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { fakeTask } from '../../pipeline/pipeline.fixture.ts';
import type { Task } from '../../pipeline/task.ts';
import { projectDifferences } from './project-differences.ts';

const declared = { kind: 'model', name: 'price' } as const;

const trees = { name: 'boosted-trees', version: 1, options: { depth: 4, l2: 1, seed: 0 }, parts: [] };

const tasksOf = (
  trainer: typeof trees | { name: string; options: JsonObject },
  split = 0.2,
): readonly Task[] =>
  ['price.search', 'price.train'].map((name) => {
    const digest = digestOf(trainer.name);
    const code = { trainer: { key: digest, bundle: digest, label: `${trainer.name} in modelyard` } };
    return fakeTask(name, [], { declared, code, params: { trainer, split: { test: split } } });
  });

test('another trainer is named once, with the options that both have and that differ', () => {
  const linear = { name: 'linear', options: { l2: 0.1, seed: 0 } };
  expect(projectDifferences(declared, tasksOf(trees), tasksOf(linear))).toEqual([
    { kind: 'code', name: 'trainer', recorded: 'boosted-trees in modelyard', present: 'linear in modelyard' },
    { kind: 'setting', name: 'price.search trainer.options.l2', recorded: 1, present: 0.1 },
  ]);
});

test('a changed setting is named once, for the first task that has it', () => {
  const deeper = { ...trees, options: { ...trees.options, depth: 6 } };
  expect(projectDifferences(declared, tasksOf(trees), tasksOf(deeper, 0.3))).toEqual([
    { kind: 'setting', name: 'price.search trainer.options.depth', recorded: 4, present: 6 },
    { kind: 'setting', name: 'price.search split.test', recorded: 0.2, present: 0.3 },
  ]);
});

test('a declaration that the project lost is the only difference', () => {
  expect(projectDifferences(declared, tasksOf(trees), [])).toEqual([
    { kind: 'declaration', name: 'model price' },
  ]);
});
