import { expect, test } from 'vitest';
import { Budget, byHand, IndianBudget, toFeatures } from './budget.ts';
import { Household, SurveyRow } from './household.ts';
import { asMoney, asRate } from './rate.ts';
import { writeHouseholds, writePeople } from './simulate.ts';

const budget: Budget = {
  income: 60_000,
  age: 35,
  dependents: 1,
  occupation: 'Professional',
  cityTier: 'Tier_1',
  rent: 15_000,
  loanRepayment: 0,
  insurance: 2_000,
  groceries: 8_000,
  transport: 4_000,
  eatingOut: 2_000,
  entertainment: 2_000,
  utilities: 4_000,
  healthcare: 2_000,
  education: 0,
  miscellaneous: 1_000,
};

test('a rate and money are the same amount', () => {
  expect(asMoney(asRate(7_500, budget), budget)).toBeCloseTo(7_500);
});

test('what is left of the income is a feature, and bounds the rule by hand', () => {
  expect(toFeatures(budget)['left']).toBeCloseTo(1 / 3);
  expect(byHand(budget)).toBe(7_500);
  expect(byHand({ ...budget, rent: 30_000 })).toBe(5_000);
  expect(byHand({ ...budget, rent: 50_000 })).toBe(0);
});

test('no feature knows the savings', () => {
  expect(Object.keys(Budget.shape)).not.toContain('savings');
});

test.each([
  ['Budget', Budget],
  ['Household', Household],
])('the examples of the fields of %s are a complete request', (_name, request) => {
  const example = Object.fromEntries(
    Object.entries(request.shape).map(([name, field]) => [name, field.meta()?.examples?.[0]]),
  );
  expect(request.parse(example)).toEqual(example);
});

test.each([
  ['people', [...writePeople({ seed: 1, people: 200 })], IndianBudget],
  ['households', [...writeHouseholds({ seed: 1, households: 200 })], SurveyRow],
] as const)('simulated %s have the columns of the real file', (_name, [file], schema) => {
  const [header = '', ...lines] = (file?.text ?? '').trim().split('\n');
  expect(header.split(',')).toEqual(expect.arrayContaining(Object.keys(schema.shape)));
  expect(lines).toHaveLength(200);
  expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([header.split(',').length]));
});
