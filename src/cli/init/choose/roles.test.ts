import { expect, test } from 'vitest';
import { modelDraft, roles } from '../drafts.fixture.ts';
import { featureKind } from '../feature-kind.ts';

const price = (index: number): string => `${(index * 7919) % 1009}.5`;

test.each([
  ['zipcode', (index: number) => 98_100 + (index % 30)],
  ['PLZ', (index: number) => 80_331 + (index % 7) * 10],
  ['branch_code', (index: number) => [3, 7, 12, 19][index % 4]],
  ['shopId', (index: number) => 1 + (index % 15)],
  ['postal code', (index: number) => 1000 + (index % 20)],
])('whole numbers that are called %s are categories', (name, value) => {
  const draft = modelDraft(`${name},size,price`, (index) => `${value(index)},${index % 7},${price(index)}`, {
    rows: 300,
  });
  expect(draft.features.map(featureKind)).toEqual(['category', 'number']);
});

test.each([
  ['area', (index: number) => 30 + (index % 30)],
  ['education_num', (index: number) => 1 + (index % 16)],
  ['code', (index: number) => index % 2],
  ['zip', (index: number) => 10_000 + index],
])(
  'whole numbers that are called %s and are amounts, or nearly all different, are numbers',
  (name, value) => {
    const draft = modelDraft(
      `${name},size,price`,
      (index) => `${value(index)},${index % 7},${price(index)}`,
      {
        rows: 300,
      },
    );
    expect(draft.features.map(featureKind)).toEqual(['number', 'number']);
  },
);

test.each([
  ['Order Number', (index: number) => 1000 + index * 3],
  ['ticket', (index: number) => (index * 7919) % 100_003],
  ['Rechnung Nr.', (index: number) => 5000 - index * 2],
  ['invoice_no', (index: number) => `R${index}`],
])('%s with another value on each line is an id', (name, value) => {
  const draft = modelDraft(`${name},size,price`, (index) => `${value(index)},${index % 7},${price(index)}`);
  expect(roles(draft)[name]).toBe('id: an id says nothing about other lines');
});

test('a number of things is a feature', () => {
  const draft = modelDraft('number,size,price', (index) => `${index % 40},${index % 7},${price(index)}`);
  expect(roles(draft)['number']).toBe('feature');
});
