import { expect, test } from 'vitest';
import { formatNumber } from '../text/numbers.ts';
import { hasPredictedNumbers, type Kind, numberIn, outputColumns } from './preview-cells.ts';

const formatted = (target: Kind, cells: readonly string[]): readonly string[] => {
  const columns = cells.map((_cell, at) => `column ${at}`);
  return cells.map((text, at) => {
    const value = hasPredictedNumbers(at, { columns, inputColumns: 2 }, target) ? numberIn(text) : undefined;
    return value === undefined ? text : formatNumber(value);
  });
};

test.each<[Kind, string, readonly string[], readonly string[]]>([
  [
    'number',
    'a number',
    ['007', '1200', '5747.0376', '0,64251', '', '1200', ''],
    ['007', '1200', '5,747', '0.643', '', '1200', ''],
  ],
  [
    'class',
    'a class of leading zeros',
    ['1', '2', '007', '0.91234', '0.1', '3', ''],
    ['1', '2', '007', '0.912', '0.1', '3', ''],
  ],
  [
    'class',
    'a year as a class',
    ['1', '2', '2024', '0.5', '0.5', '2100', ''],
    ['1', '2', '2024', '0.5', '0.5', '2100', ''],
  ],
  [
    'class',
    'a decimal as a class',
    ['1', '2', '1,5', '0,5', '0,5', '1', ''],
    ['1', '2', '1,5', '0.5', '0.5', '1', ''],
  ],
  [
    'boolean',
    'yes or no',
    ['1', '2', 'true', '0.98765', '0.98765', '1', ''],
    ['1', '2', 'true', '0.988', '0.988', '1', ''],
  ],
  [
    'number',
    'a row without a prediction',
    ['1', '2', '', '', '', '1', '404'],
    ['1', '2', '', '', '', '1', '404'],
  ],
])('of %s, %s is written by its kind', (target, ...[, cells, texts]) => {
  expect(formatted(target, cells)).toEqual(texts);
});

test.each<[string, readonly string[], ReturnType<typeof outputColumns>]>([
  ['a number', ['prediction', 'low', 'high'], { predicted: [2, 3, 4], version: 5, reason: 6 }],
  ['yes or no', ['prediction', 'probability'], { predicted: [2, 3], version: 4, reason: 5 }],
  [
    'three classes',
    ['prediction', 'probability of a', 'probability of b', 'probability of c'],
    { predicted: [2, 3, 4, 5], version: 6, reason: 7 },
  ],
])('the output of %s has its columns after those of the file', (...[, added, at]) => {
  const columns = ['size', 'town', ...added, 'version', 'error'];
  expect(outputColumns({ columns, inputColumns: 2 })).toEqual(at);
});
