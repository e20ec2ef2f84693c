import { expect, test } from 'vitest';
import { columnsAtFirst, nameOfColumn, parseColumn, quoted } from './columns.ts';
import {
  chosenColumns,
  joinList,
  nextSort,
  orderOf,
  parseRunsSearch,
  parseSort,
  splitList,
} from './runs-search.ts';

test('an address keeps what it knows', () => {
  expect(parseRunsSearch({ filter: 'metrics.a > 1', sort: '', columns: 3, other: 'x' })).toEqual({
    filter: 'metrics.a > 1',
  });
});

test.each([[[]], [['a']], [['metrics.val/loss', 'params.a,b', 'tags.ü %']]])('a list %j survives', (list) => {
  expect(splitList(joinList(list))).toEqual(list);
});

test('a broken part of a list is left out', () => {
  expect(splitList('a,%E0%A4%A,b')).toEqual(['a', 'b']);
});

test.each(['metrics.loss', 'params.a.b c', 'tags.mlflow.user'])('the column %s', (name) => {
  const column = parseColumn(name);
  expect(column && nameOfColumn(column)).toBe(name);
});

test.each(['', 'loss', 'metrics.', 'other.loss'])('%j is no column', (name) => {
  expect(parseColumn(name)).toBeUndefined();
});

test('a click on a column sorts up, then down, then by start', () => {
  const column = { kind: 'metrics', key: 'val loss' } as const;
  const first = nextSort(column, undefined);
  expect(first).toBe('metrics.val loss asc');
  expect(orderOf(parseSort(first))).toEqual(['metrics.`val loss` ASC']);
  const second = nextSort(column, parseSort(first));
  expect(orderOf(parseSort(second))).toEqual(['metrics.`val loss` DESC']);
  expect(nextSort(column, parseSort(second))).toBeUndefined();
  expect(orderOf(undefined)).toEqual([]);
});

test('a key with a backtick is quoted by quotes', () => {
  expect(quoted({ kind: 'params', key: 'a`b' })).toBe('params."a`b"');
});

test('the columns of an address, or the first keys without those of the machine', () => {
  expect(chosenColumns(undefined)).toBeUndefined();
  expect(chosenColumns('metrics.a,nothing,params.b')).toEqual([
    { kind: 'metrics', key: 'a' },
    { kind: 'params', key: 'b' },
  ]);
  const keys = { metrics: ['acc', 'system/cpu', 'val'], params: ['lr'], tags: ['t'], more: false };
  expect(columnsAtFirst(keys).map(nameOfColumn)).toEqual(['metrics.acc', 'metrics.val', 'params.lr']);
});
