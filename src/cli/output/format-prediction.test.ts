import { expect, test } from 'vitest';
import type { PredictionView } from '../../api/views.ts';
import { formatPrediction } from './format-prediction.ts';

const terminal = { colors: false, width: 80 } as never;
const about = {
  predictionId: 'p1',
  endpoint: 'bought',
  model: 'bought',
  version: 3,
  unit: null,
  cached: false,
  warnings: [],
} as const;
const feature = (title: string, value: number | null, contribution: number): object => ({
  feature: title,
  title,
  value,
  contribution,
});

function format(view: object): string {
  return formatPrediction({ ...about, ...view } as unknown as PredictionView, terminal);
}

test('yes and no have a probability, and features move it by points', () => {
  const text = format({
    kind: 'class',
    prediction: false,
    probability: 0.834,
    probabilities: { false: 0.834, true: 0.166 },
    explanation: {
      scale: 'probability',
      of: 'true',
      baseline: 0.4,
      contributions: [feature('Minutes', 30, -0.25), feature('Pages', null, 0.016), feature('None', 1, 0)],
    },
  });
  expect(text.split('\n')).toEqual([
    'no, probability 83%',
    '  from a baseline of 40%, the probability of yes',
    '  Minutes  30         −25.0 points',
    '  Pages    not given   +1.6 points',
    'bought version 3, prediction p1',
  ]);
});

test('one of several classes has the others beside it, the most probable first', () => {
  const probabilities = { free: 0.3, team: 0.61, business: 0.0899, trial: 0.0001 };
  const [line] = format({ kind: 'class', prediction: 'team', probability: 0.61, probabilities }).split('\n');
  expect(line).toBe('team, probability 61% (free 30%, business 9%, trial <1%)');
  const many = Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`c${index}`, 1 / 9]));
  expect(format({ kind: 'class', prediction: 'c0', probability: 1 / 9, probabilities: many })).toContain(
    '(c1 11%, c2 11%, c3 11%, c4 11%, c5 11%, 3 more)',
  );
});

test('what is nearly certain does not look certain', () => {
  const probabilities = { false: 0.0004, true: 0.9996 };
  expect(format({ kind: 'class', prediction: true, probability: 0.9996, probabilities })).toContain(
    'yes, probability >99%',
  );
});

test('small numbers and their contributions keep their digits', () => {
  const text = format({
    kind: 'number',
    prediction: 0.0213,
    explanation: { scale: 'target', baseline: 0.02, contributions: [feature('Rate', 0.00412, 0.0013)] },
  });
  expect(text).toContain('0.0213\n');
  expect(text).toContain('  from an average of 0.02\n  Rate  0.00412  +0.0013\n');
});

test('an explanation has the fields of the request in the words of the caller, and its features if asked', () => {
  const view = {
    kind: 'number',
    prediction: 5445.2,
    interval: { low: -3769.9, high: 14_125, level: 0.8 },
    unit: 'R$',
    explanation: {
      scale: 'target',
      baseline: 5510,
      contributions: [
        feature('city: Rome', 1, 400),
        feature('Tax', 0.1, -265),
        feature('city: Oslo', 0, -200),
        feature('Dust', 1, 0.1),
      ],
      fields: [
        {
          fields: [{ name: 'tax', title: 'Property tax', unit: 'R$', value: 38 }],
          lookups: [],
          features: ['Tax'],
          contribution: -265,
        },
        {
          fields: [{ name: 'city', title: 'City', unit: null, value: 'Rome' }],
          lookups: [],
          features: ['city: Rome', 'city: Oslo'],
          contribution: 200,
        },
      ],
    },
  };
  expect(format(view).split('\n')).toEqual([
    '5,445 R$, 80% interval −3,770 to 14,125',
    '  from an average of 5,510 R$',
    '  Property tax  38 R$  −265',
    '  City          Rome   +200',
    'bought version 3, prediction p1',
  ]);
  const byFeature = formatPrediction({ ...about, ...view } as unknown as PredictionView, terminal, {
    byFeature: true,
  });
  expect(byFeature.split('\n').slice(2, -1)).toEqual([
    '  city: Rome  1    +400',
    '  Tax         0.1  −265',
    '  city: Oslo  0    −200',
  ]);
});

test('values that training did not see are named below the prediction', () => {
  const message = 'Outside what the model learned from: 1 to 7.';
  const warnings = [{ field: 'rooms', title: 'Rooms', unlike: 'outside', message }];
  expect(format({ kind: 'number', prediction: 12, warnings }).split('\n')).toEqual([
    '12',
    'warning: Rooms: Outside what the model learned from: 1 to 7.',
    'bought version 3, prediction p1',
  ]);
});
