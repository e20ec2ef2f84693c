import { expect, test } from 'vitest';
import type { Target } from '../../project/models/kind.ts';
import { average } from '../../training/average/average.ts';
import { boostedTrees } from '../../training/boosted-trees/trainer.ts';
import { logistic } from '../../training/linear/logistic.ts';
import { usedOptions } from './used-options.ts';

const number: Target = { kind: 'number' };
const yesNo: Target = { kind: 'boolean' };
const classes: Target = { kind: 'class', classes: ['a', 'b', 'c'] };

test.each<[string, Parameters<typeof boostedTrees>[0], Target, object]>([
  ['a number', {}, number, { loss: 'squared' }],
  ['a quantile', { loss: 'quantile', quantile: 0.9 }, number, { loss: 'quantile', quantile: 0.9 }],
  ['outliers', { loss: 'huber', huberSlope: 2 }, number, { loss: 'huber', huberSlope: 2 }],
  ['counts', { loss: 'poisson', quantile: 0.9 }, number, { loss: 'poisson' }],
  ['yes or no', {}, yesNo, { loss: 'log loss' }],
  ['classes', { loss: 'poisson' }, classes, { loss: 'log loss' }],
])('the loss of %s is the one that it is trained with', (...[, given, target, loss]) => {
  const { options, type } = boostedTrees({ ...given, trees: 20 });
  const used = usedOptions(
    { definition: type.definition, parts: [] },
    { settings: { options: { ...options } as never, target }, parts: [] },
  );
  expect(used).toMatchObject({ trees: 20, depth: 6, ...loss });
  const ofLoss = Object.keys(used).filter((name) => ['loss', 'quantile', 'huberSlope'].includes(name));
  expect(ofLoss.toSorted()).toEqual(Object.keys(loss).toSorted());
});

test('so is that of each part', () => {
  const parts = [boostedTrees({ trees: 20 }), logistic()];
  const whole = average(parts);
  const used = usedOptions(
    { definition: whole.type.definition, parts: parts.map(({ type }) => type.definition) },
    {
      settings: { options: { ...whole.options } as never, target: yesNo },
      parts: parts.map(({ name, options }) => ({ name, options: { ...options } })) as never,
    },
  );
  expect(used).toMatchObject({ 'loss of boosted-trees': 'log loss', 'trees of boosted-trees': 20 });
  expect(Object.keys(used)).not.toContain('quantile of boosted-trees');
});
