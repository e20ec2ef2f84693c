import { expect, test } from 'vitest';
import type { Target } from '../../project/models/kind.ts';
import { baselineScore } from './baseline-score.ts';

const target = { kind: 'class', classes: ['owned', 'rented', 'free'] } as const;

test.each<[Target, unknown, readonly number[]]>([
  [{ kind: 'number' }, 12.5, [12.5, Number.NaN, Number.NaN]],
  [{ kind: 'boolean' }, 0.7, [0.7]],
  [target, { free: 0.1, rented: 0.2, owned: 0.7 }, [0.7, 0.2, 0.1]],
])('of %j: %j', (kind, score, values) => expect(baselineScore(kind, 'elo', score)).toEqual(values));

test.each<[Target, unknown, RegExp]>([
  [{ kind: 'number' }, Number.NaN, /baselines\.elo must return a finite number/],
  [{ kind: 'number' }, Promise.resolve(1), /must return a finite number/],
  [{ kind: 'boolean' }, 1.2, /probability of yes, from 0 to 1 \(got 1\.2\)/],
  [{ kind: 'boolean' }, true, /probability of yes/],
  [target, { owned: 0.7, rented: 0.3 }, /a probability of each class \(owned, rented, free\)/],
  [target, { owned: 0.7, rented: 0.3, free: 0.3 }, /which sum to 1/],
  [target, 0.5, /a probability of each class/],
])('of %j: %j is refused', (kind, score, message) =>
  expect(() => baselineScore(kind, 'elo', score)).toThrow(message),
);
