import { expect, test } from 'vitest';
import { plainNumber } from './plain-number.ts';
import { isMissing, missingSet, readBoolean, readNumber, readWrittenNumber } from './values.ts';

test.each([
  ['7', 7],
  ['-1.5e3', -1500],
  ['.5', 0.5],
  ['\u22123', -3],
  ['1,234', 1234],
  ['1,234,567.89', 1234567.89],
  ['1 234', 1234],
  ['1\u00a0234.5', 1234.5],
  ["1'234", 1234],
  ['$5', 5],
  ['-$5.25', -5.25],
  ['$-5.25', -5.25],
  ['5 €', 5],
  ['US$1,200', 1200],
  ['1,200 EUR', 1200],
  ['R$ 10', 10],
  ['kr 5', 5],
  ['45%', 45],
  ['4.5 %', 4.5],
  ['-3%', -3],
  ['1,23,456', 123456],
  ['₹12,34,567.5', 1234567.5],
  ['1’234.5', 1234.5],
  ['1\u202f234', 1234],
  ['€ 5', 5],
  ['EUR 5', 5],
  ['1E+5', 100000],
  ['+5', 5],
  ['1,234.50-', -1234.5],
  ['5 -', -5],
  ['(5.00)', -5],
  ['($1,234)', -1234],
])('%s is %d', (text, value) => {
  expect(readNumber(text)).toBe(value);
  expect(readNumber(` ${text}\t`)).toBe(value);
});

test.each([
  ['5,44', 5.44],
  ['-0,655', -0.655],
  ['1.234.567,8', 1234567.8],
  ['1 234,5', 1234.5],
  ['1.234', 1234],
  ['12,5 €', 12.5],
  ['1.234,50-', -1234.5],
  ['1 000 000,5', 1000000.5],
  ['7,5%', 7.5],
  [',5', 0.5],
])('%s is %d with a decimal comma', (text, value) => {
  expect(readNumber(text, { decimal: ',' })).toBe(value);
});

test.each([
  ['', 'x', 'inf', 'NaN', '0x10', '1e999', '--5', '(-5)', '-5-', '10-20-', '$', '%', '1,2', '1,23'],
  ['0,655', '1,2345', '1.2.3', '5,44', 'CAR001', 'A5', '5A', '$5€', '12:30', '2024-01-31', '1,234 567'],
  ['Infinity', '1,000,00', '123,45,678', '1,2,345', '1_000', '5k', '1.5M', '½', '10:30', '-(5)', '5--'],
])('%s and others are no numbers', (...texts) => {
  expect(texts.filter((text) => readNumber(text) !== undefined)).toEqual([]);
});

test('a currency sign is told apart from others', () => {
  const signs = ['$5', '5 EUR', '£1,000', '5'].map((text) => readWrittenNumber(text)?.currency);
  expect(signs).toEqual(['$', 'EUR', '£', undefined]);
});

test.each([
  '0',
  '-0',
  '12',
  '3.14',
  '-0.1',
  '0.30000000000000004',
  '123456789012345',
  '9007199254740993',
  '5.',
])('plain digits %s are the nearest double', (text) => {
  const padded = `x${text}y`;
  expect(plainNumber('.')(padded, 1, padded.length - 1)).toBe(Number(text));
  const comma = padded.replace('.', ',');
  expect(plainNumber(',')(comma, 1, comma.length - 1)).toBe(Number(text));
});

test.each(['', '-', '.', '1e5', '1,000', '1 0', '1.2.3', 'x'])('%s is not plain digits', (text) => {
  expect(plainNumber('.')(text, 0, text.length)).toBeNaN();
});

test('digits beyond the largest double are not plain', () => {
  const text = '9'.repeat(400);
  expect(plainNumber('.')(text, 0, text.length)).toBeNaN();
});

test('booleans in any case', () => {
  expect(['true', 'T', 'Yes', 'y', 'ON', '1', ' yes '].map(readBoolean)).toEqual(Array(7).fill(true));
  expect(['False', 'f', 'NO', 'n', 'off', '0', 'no '].map(readBoolean)).toEqual(Array(7).fill(false));
  expect(['', 'maybe', '2', 'x', 'm'].map(readBoolean)).toEqual(Array(5).fill(undefined));
});

test.each([
  ['ja', 'nein'],
  ['OUI', 'non'],
  ['Sí', 'no'],
  ['sim', 'Não'],
  ['WAHR', 'FALSCH'],
  ['да', 'нет'],
  ['是', '否'],
])('%s and %s are yes and no', (yes, no) => {
  expect([yes, no].map(readBoolean)).toEqual([true, false]);
});

test('what means a missing value, in any case', () => {
  const marks = missingSet();
  const missing = ['', ' ', 'NA', 'n/a', 'NaN', 'NULL', '?', '-', '.', ' na '];
  const others = ['0', 'none', 'NAN1', '--', 'N', '-1'];
  expect([...missing, ...others].filter((text) => isMissing(text, marks))).toEqual(missing);
  const listed = missingSet(['not measured', '-999']);
  expect(['NOT measured', '-999', '', 'NA'].map((text) => isMissing(text, listed))).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
