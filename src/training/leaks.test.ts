import { expect, test } from 'vitest';
import { seededRandom } from '../kernel/random.ts';
import { findLeak, formatLeak, isFullLeak } from './leaks.ts';

const random = seededRandom(3);
const gauss = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
const draw = (of: (row: number) => number, rows = 400): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => of(row));

const amounts = draw(() => Math.exp(2 * gauss()));
const yes = draw(() => Number(random() < 0.2));
const classes = draw(() => Math.floor(random() * 3));
const number = { kind: 'number', truth: amounts } as const;
const boolean = { kind: 'boolean', truth: yes } as const;
const seldom = { kind: 'boolean', truth: draw((row) => Number(row % 250 < 1), 4000) } as const;
const mostly = { kind: 'class', truth: seldom.truth } as const;
const oneOf = { kind: 'class', truth: classes } as const;

test.each([
  ['the target itself', number, amounts],
  ['a falling function of it', number, amounts.map((value) => 1 / value)],
  ['the target with a little noise', number, amounts.map((value) => value * (1 + 0.02 * gauss()))],
  ['yes as a number', boolean, yes],
  ['yes turned around', boolean, yes.map((value) => 1 - value)],
  ['a value that only yes has', boolean, yes.map((value) => (value === 1 ? random() : Number.NaN))],
  [
    'a code of yes that is neither the lowest nor the highest',
    boolean,
    yes.map((value) => (value === 1 ? 2 : 1 + 2 * Math.round(random()))),
  ],
  ['the class in other numbers', oneOf, classes.map((value) => [7, 3, 9][value] as number)],
] as const)('%s is a leak', (_, target, feature) =>
  expect(findLeak('total', feature, target)).toMatchObject({ feature: 'total' }),
);

test.each([
  ['a very good feature', number, amounts.map((value) => Math.log(value) + 0.5 * gauss())],
  ['a feature of noise', number, draw(gauss)],
  ['a constant', number, draw(() => 1)],
  ['a very good feature of yes', boolean, yes.map((value) => 2.5 * value + gauss())],
  [
    'a feature of noise, of a class that is nearly every row',
    mostly,
    draw(() => Math.floor(3 * random()), 4000),
  ],
  ['a feature of noise, of a yes that is seldom', seldom, draw(() => Math.floor(3 * random()), 4000)],
  ['an id', oneOf, draw((row) => row)],
  ['a code that is right in nine of ten rows', oneOf, classes.map((value) => (random() < 0.9 ? value : 1))],
] as const)('%s is no leak', (_, target, feature) =>
  expect(findLeak('total', feature, target)).toBeUndefined(),
);

test('few rows, few of a class, and one common class prove nothing', () => {
  const few = amounts.slice(0, 99);
  expect(findLeak('total', few, { kind: 'number', truth: few })).toBeUndefined();
  const rare = draw((row) => Number(row < 9));
  expect(findLeak('total', rare, { kind: 'boolean', truth: rare })).toBeUndefined();
  expect(findLeak('total', rare, { kind: 'class', truth: rare })).toBeUndefined();
});

test('a feature that leaves nothing to explain is a full leak', () => {
  const value = (feature: Float64Array): boolean | undefined => {
    const leak = findLeak('total', feature, number);
    return leak && isFullLeak(leak);
  };
  expect(value(amounts.map((amount) => 1.1 * amount))).toBe(true);
  expect(value(amounts.map((amount) => amount * (1 + 0.02 * gauss())))).toBe(false);
});

test('a leak is a question', () =>
  expect(formatLeak({ feature: 'total', by: 'AUC', value: 0.9984 })).toBe(
    'feature total alone predicts the target (AUC 0.998): is it known before? If not, leave it out of the features',
  ));
