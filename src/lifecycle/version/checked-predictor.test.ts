import { expect, test } from 'vitest';
import type { Predictor } from '../../project/models/predictor.ts';
import { checkedPredictor } from './checked-predictor.ts';

const matrix = { features: ['a'], rows: 2, columns: [Float32Array.of(1, 2)] };
const one = { kind: 'number', value: 1 } as const;
const why = { baseline: 1, contributions: Float64Array.of(0) };

test.each([
  ['fewer', [one], 1],
  ['more', [one, one, one], 3],
  ['none', [], 0],
  ['no list', one as never, 'object'],
  ['nothing', undefined as never, 'undefined'],
])('%s predictions than rows are a fault of the trainer', async (_case, predictions, value) => {
  const checked = checkedPredictor({ features: ['a'], predict: async () => predictions }, 'mean');
  await expect(checked.predict(matrix)).rejects.toMatchObject({
    code: 'USER_CODE_FAILED',
    detail: {
      field: 'predict of trainer mean',
      value,
      remedy: 'must return one item for each of the 2 rows',
    },
  });
});

test('so are explanations, and a trainer that explains nothing still explains nothing', async () => {
  const predictor: Predictor = {
    features: ['a'],
    predict: async () => [one, one],
    explain: async () => [why],
  };
  const checked = checkedPredictor(predictor, 'mean');
  expect(await checked.predict(matrix)).toEqual([one, one]);
  await expect(checked.explain?.(matrix)).rejects.toMatchObject({
    code: 'USER_CODE_FAILED',
    detail: { value: 1 },
  });
  expect(checkedPredictor({ features: ['a'], predict: async () => [one] }, 'mean').explain).toBeUndefined();
  expect(checked.features).toBe(predictor.features);
});
