import { expect, test } from 'vitest';
import type { ColumnProfile } from '../data/profile.ts';
import type { ColumnType } from '../project/tables/column.ts';
import { columnWarnings } from './column-warnings.ts';

test.each<[ColumnType, ColumnProfile, readonly string[]]>([
  ['number', { nulls: 0, distinct: 80 }, []],
  ['number', { nulls: 100, distinct: 0 }, ['missing in every row']],
  ['string', { nulls: 0, distinct: 1, common: [['NO', 100]] }, ['the same in every row: NO']],
  ['number', { nulls: 0, distinct: 1, quantiles: [4, 4, 4, 4, 4, 4, 4] }, ['the same in every row: 4']],
  ['boolean', { nulls: 0, distinct: 1, mean: 0 }, ['the same in every row: no']],
  [
    'date',
    { nulls: 0, distinct: 1, span: ['2024-01-01', '2024-01-01'] },
    ['the same in every row: 2024-01-01'],
  ],
  [
    'string',
    { nulls: 72, distinct: 1, common: [['NO', 28]] },
    ['always NO, or missing', 'missing in 72% of the rows'],
  ],
  ['number', { nulls: 49, distinct: 9 }, []],
  ['string', { nulls: 0, distinct: 100, common: [['a', 1]] }, ['different in every row, like an id']],
  ['number', { nulls: 0, distinct: 100 }, []],
  ['string', { nulls: 60, distinct: 40, common: [['a', 1]] }, ['missing in 60% of the rows']],
])('%s %o of 100 rows: %o', (type, profile, warnings) => {
  expect(columnWarnings(type, profile, 100)).toEqual(warnings);
});

test('a table without rows has no warnings', () => {
  expect(columnWarnings('number', { nulls: 0, distinct: 0 }, 0)).toEqual([]);
});
