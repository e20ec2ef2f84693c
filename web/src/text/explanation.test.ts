import { expect, test } from 'vitest';
import type { PredictionView } from '../../../src/client/index.ts';
import { explanationFormat } from './explanation.ts';

const about = {
  predictionId: 'p',
  endpoint: 'e',
  model: 'm',
  version: 1,
  unit: null,
  cached: false,
  warnings: [],
};
const yesNo: PredictionView = {
  ...about,
  kind: 'class',
  prediction: false,
  probability: 0.8,
  probabilities: { true: 0.2, false: 0.8 },
};

test('the probability of yes is explained in shares, also where no is predicted', () => {
  const format = explanationFormat(
    { scale: 'probability', of: 'true', baseline: 0.4, contributions: [] },
    yesNo,
  );
  expect([format.title, format.startTitle, format.start]).toEqual([
    'Probability of Yes',
    'Typical row',
    '40%',
  ]);
  expect(format.about).toBe(
    'The bars start at 40%, the probability of Yes for a typical row that the model learned from. Each bar is how many percentage points a field moved it from there.',
  );
  expect(format.amount(-0.123, 0.2)).toBe('−12.3');
  expect([0.277, 0.9996, 0.0004, 1, 0].map(format.total)).toEqual(['28%', '>99%', '<1%', '100%', '0%']);
});

test('a class has its own name', () => {
  const prediction: PredictionView = { ...yesNo, prediction: 'team' };
  const explanation = { scale: 'probability', of: 'team', baseline: 0.3, contributions: [] } as const;
  expect(explanationFormat(explanation, prediction).title).toBe('Probability of team');
});

test('a number is explained in its unit', () => {
  const prediction: PredictionView = { ...about, kind: 'number', prediction: 170, unit: 'runs' };
  const format = explanationFormat({ scale: 'target', baseline: 154, contributions: [] }, prediction);
  expect([format.title, format.startTitle, format.start]).toEqual([
    'Prediction',
    'Average prediction',
    '154',
  ]);
  expect(format.about).toContain('start at 154 runs, about the average prediction for the rows');
  expect(format.amount(11.23, 20)).toBe('+11.2');
  expect(format.total(170.4)).toBe('170');
});
