import { expect, test } from 'vitest';
import type { Prediction } from '../project/models/prediction.ts';
import { withShortestDigits } from './shortest-digits.ts';

const number = (value: number, low?: number, high?: number): Prediction => ({
  kind: 'number',
  value,
  ...(low !== undefined && high !== undefined && { interval: { low, high, level: 0.8 } }),
});

test.each<[string, Prediction, Prediction]>([
  ['a float32', number(123.4000015258789), number(123.4)],
  ['a negative float32', number(Math.fround(-0.1)), number(-0.1)],
  ['a float32 that needs all digits', number(Math.fround(16777.217)), number(16777.217)],
  ['a tiny float32', number(Math.fround(1.2e-30)), number(1.2e-30)],
  [
    'the interval of a float32',
    number(5747.03759765625, 5620.614788022803, 5866.117914493665),
    number(5747.0376, 5620.6147, 5866.1177),
  ],
  ['a float64 sum', number(0.1 + 0.2, 0.1, 0.7 + 0.1), number(0.3, 0.1, 0.8)],
  ['a float64 with many digits', number(20_000_123.256789), number(20_000_123.256789)],
  ['a whole number beyond float32', number(123_456_792), number(123_456_792)],
  ['an interval beside a whole number', number(123_456_792, 1.25, 2), number(123_456_792, 1.25, 2)],
])('%s has the digits of its precision', (_name, given, short) => {
  expect(withShortestDigits(given)).toEqual(short);
});

test('a rounded float32 is the same float32', () => {
  for (let index = 1; index < 2000; index++) {
    const value = Math.fround(Math.sin(index) * 10 ** ((index % 40) - 20));
    const short = withShortestDigits(number(value));
    expect(short.kind === 'number' && Math.fround(short.value)).toBe(value);
  }
});

test('the probabilities of a float32 are those of float32, and of a calibrated model of float64', () => {
  const yes = Math.fround(0.2);
  expect(
    withShortestDigits({
      kind: 'class',
      value: false,
      probability: 1 - yes,
      probabilities: { false: 1 - yes, true: yes },
    }),
  ).toEqual({ kind: 'class', value: false, probability: 0.8, probabilities: { false: 0.8, true: 0.2 } });
  const calibrated = 0.1 * 3;
  expect(
    withShortestDigits({
      kind: 'class',
      value: 'a',
      probability: 0.7,
      probabilities: { a: 0.7, b: calibrated, c: 1e-9 },
    }),
  ).toMatchObject({ probabilities: { a: 0.7, b: 0.3, c: 1e-9 } });
});

test('each step of a forecast has the digits of its precision', () => {
  const horizon = [
    {
      step: 1,
      time: '2026-01-01',
      value: Math.fround(2.7),
      interval: { low: 1.1 + 2.2, high: 4, level: 0.8 },
    },
    { step: 2, value: 1.1 + 2.2 },
  ];
  expect(withShortestDigits({ kind: 'forecast', horizon })).toEqual({
    kind: 'forecast',
    horizon: [
      { step: 1, time: '2026-01-01', value: 2.7, interval: { low: 3.3, high: 4, level: 0.8 } },
      { step: 2, value: 3.3 },
    ],
  });
});
