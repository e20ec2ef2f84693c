import { expect, test } from 'vitest';
import { day } from '../csv-text.fixture.ts';
import { refusal } from '../drafts.fixture.ts';

test.each([
  [{ target: 'Price' }, '--target', 'did you mean "price"?'],
  [{ without: ['SIZE'] }, '--without', 'did you mean "size"?'],
  [{ dates: new Map([['sold on', 'ISO'] as const]) }, '--dates', 'did you mean "sold_on"?'],
] as const)('%j names no column, but one like it', (options, field, meant) => {
  expect(
    refusal('sold_on,size,price', (index) => `${day(index)},${index % 7},${index}.5`, options),
  ).toMatchObject({ code: 'CONFIG_INVALID', field, remedy: expect.stringContaining(meant) });
});

test('a form that the dates do not have is refused with the first cell that does not fit', () => {
  const line = (index: number): string =>
    `${index === 3 ? '' : `${1 + (index % 12)}/${1 + (index % 28)}/2024`},${index % 7},${(index * 7) % 31}.5`;
  const dates = new Map([['Signup Date', 'D/M/Y']] as const);
  expect(refusal('Signup Date,size,price', line, { dates })).toMatchObject({
    code: 'CONFIG_INVALID',
    field: '--dates',
    value: 'Signup Date=D/M/Y',
    remedy: 'does not fit line 14 of sales.csv, where "Signup Date" is "1/13/2024": use "Signup Date=M/D/Y"',
  });
  expect(
    refusal('Signup Date,size,price', (index) => `text ${index},${index % 7},${index}.5`, { dates }),
  ).toMatchObject({ remedy: expect.stringContaining('no form fits the whole column') });
});
