import { expect, test } from 'vitest';
import { missingMarks } from '../../sources/csv/values.ts';
import { isMissingWord } from './missing-texts.ts';

test.each(['none', 'K.A.', ' keine Angabe ', '#DIV/0!', '--'])('%s often means a missing value', (text) => {
  expect(isMissingWord(text)).toBe(true);
});

test('marks that always mean a missing value are not asked about', () => {
  expect(missingMarks.filter((mark) => isMissingWord(mark))).toEqual([]);
});
