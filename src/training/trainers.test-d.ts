import { test } from 'vitest';
import { z } from 'zod';
import { model } from '../project/models/model.ts';
import { lower } from '../project/models/promotion.ts';
import { type Reader, source } from '../project/tables/source.ts';
import { average } from './average/average.ts';
import { boostedTrees } from './boosted-trees/trainer.ts';
import { constant } from './constant.ts';
import { linear } from './linear/linear.ts';
import { logistic } from './linear/logistic.ts';
import { external } from './external.ts';
import { sklearn } from './library-trainers/sklearn.ts';
import { trainer } from './project-trainer.ts';

const Game = z.object({ date: z.iso.date(), hostWon: z.boolean(), margin: z.int() });
declare const reader: Reader<z.infer<typeof Game>, 'date'>;
const yesOrNo = {
  rows: source('games', reader),
  request: z.object({ date: z.iso.date() }),
  features: () => ({ one: 1 }),
  target: 'hostWon',
  split: { by: 'date', test: 0.2 },
  trainer: boostedTrees(),
  metrics: ['brier'],
  promote: { alias: 'prod', when: lower('brier') },
} as const;
const number = {
  ...yesOrNo,
  target: 'margin',
  metrics: ['mae'],
  promote: { alias: 'prod', when: lower('mae') },
} as const;
const functions = { fit: async () => new Uint8Array(), open: () => () => 0 };
const nearest = trainer('nearest', { options: { k: 5 }, learns: ['number'] }, functions);
const forest = sklearn('ensemble.RandomForestClassifier', { max_depth: 3 });

test('trainers that fit their target compile', () => {
  model('a', { ...yesOrNo, trainer: average([logistic(), boostedTrees()]), baselines: { flat: constant() } });
  model('b', { ...number, trainer: average([linear(), boostedTrees()]) });
  model('c', { ...number, trainer: nearest, search: { trials: 5, space: { k: [1, 50, 'log'] } } });
  model('d', { ...yesOrNo, trainer: forest, search: { trials: 2, space: { max_depth: [2, 8] } } });
  model('e', { ...number, trainer: external() });
});

test('trainers that do not fit their target do not compile', () => {
  // @ts-expect-error: ridge regression learns no classes
  model('a', { ...yesOrNo, trainer: linear() });
  // @ts-expect-error: logistic regression learns no numbers
  model('b', { ...number, trainer: logistic() });
  // @ts-expect-error: no target is learned by both
  model('c', { ...number, trainer: average([linear(), logistic()]) });
  // @ts-expect-error: a classifier of scikit-learn learns no numbers
  model('d', { ...number, trainer: sklearn('ensemble.RandomForestClassifier') });
  // @ts-expect-error: this trainer says that it learns numbers only
  model('e', { ...yesOrNo, trainer: nearest });
  // @ts-expect-error: this estimator was given no "max_leaves" to search
  model('f', { ...yesOrNo, trainer: forest, search: { trials: 2, space: { max_leaves: [2, 8] } } });
});
