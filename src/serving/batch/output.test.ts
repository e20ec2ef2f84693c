import { expect, test } from 'vitest';
import type { Target } from '../../project/models/kind.ts';
import { formatLine, inertCell, predictionCells, predictionColumns } from './output.ts';

const number: Target = { kind: 'number' };
const classes: Target = { kind: 'class', classes: ['red', '=blue'] };
const format = { version: 3, decimal: '.' } as const;

test('a number has its interval, and a comma where the file has one', () => {
  expect(predictionColumns(['size'], number)).toEqual(['prediction', 'low', 'high', 'version', 'error']);
  const prediction = {
    kind: 'number',
    value: -1.5,
    interval: { low: -2.25, high: 1e21, level: 0.8 },
  } as const;
  expect(predictionCells({ prediction }, { ...format, target: number })).toEqual([
    '-1.5',
    '-2.25',
    '1e+21',
    '3',
    '',
  ]);
  expect(predictionCells({ prediction }, { ...format, target: number, decimal: ',' })).toEqual([
    '-1,5',
    '-2,25',
    '1e+21',
    '3',
    '',
  ]);
  const bare = { kind: 'number', value: 2 } as const;
  expect(predictionCells({ prediction: bare }, { ...format, target: number })).toEqual([
    '2',
    '',
    '',
    '3',
    '',
  ]);
});

test('yes or no has the probability of the prediction and of yes', () => {
  const target: Target = { kind: 'boolean' };
  expect(predictionColumns([], target)).toEqual([
    'prediction',
    'probability',
    'probability true',
    'version',
    'error',
  ]);
  const probabilities = { true: 0.2, false: 0.8 };
  const prediction = { kind: 'class', value: false, probability: 0.8, probabilities } as const;
  expect(predictionCells({ prediction }, { ...format, target })).toEqual(['false', '0.8', '0.2', '3', '']);
});

test('classes have a probability each, in their order', () => {
  expect(predictionColumns([], classes)).toEqual([
    'prediction',
    'probability',
    'probability red',
    'probability =blue',
    'version',
    'error',
  ]);
  const probabilities = { '=blue': 0.75, red: 0.25 };
  const prediction = { kind: 'class', value: '=blue', probability: 0.75, probabilities } as const;
  expect(predictionCells({ prediction }, { ...format, target: classes })).toEqual([
    '=blue',
    '0.75',
    '0.25',
    '0.75',
    '3',
    '',
  ]);
});

test('a row without a prediction has as many cells, and the reason', () => {
  const cells = predictionCells({ reason: 'size must be a number' }, { ...format, target: classes });
  expect(cells).toEqual(['', '', '', '', '3', 'size must be a number']);
});

test('columns that the file has already keep their names, and the new ones get a number', () => {
  expect(predictionColumns(['prediction', 'prediction 2', ' error '], number)).toEqual([
    'prediction 3',
    'low',
    'high',
    'version',
    'error 2',
  ]);
});

test.each([
  [['a', 'b'], 'a,b\n'],
  [['a,b', 'c'], '"a,b",c\n'],
  [['say "no"', 'two\nlines'], '"say ""no""","two\nlines"\n'],
  [['', ''], ',\n'],
  [['x;=1+1', 'y|@A1', 'z'], '"x;=1+1","y|@A1",z\n'],
])('cells %j are a line that reads back', (cells, line) => {
  expect(formatLine(cells, { delimiter: ',' })).toBe(line);
});

test('with semicolons, a decimal comma needs no quotes and a formula behind a comma gets them', () => {
  expect(formatLine(['1,5', '-1,5', 'a,=1', 'a;b'], { delimiter: ';' })).toBe('1,5;-1,5;"a,=1";"a;b"\n');
});

const isNumber = (text: string): boolean => /^[+-]?\d+(,\d+)?$/.test(text);

test.each(["=cmd|'/c calc'!A1", '+1+1', '-2+3', '@SUM(A1)', '\t=1', ' =1', '\r=1', '＝1', '＠x', '-x'])(
  'a spreadsheet cannot take %j for a formula',
  (cell) => {
    expect(inertCell(cell, isNumber)).toBe(`'${cell}`);
  },
);

test.each(['-5', '+3', '-1,5', ' -5', '-', 'a=b', '', 'Bath', '2024-01-31'])('%j stays as it is', (cell) => {
  expect(inertCell(cell, isNumber)).toBe(cell);
});
