import { expect, test } from 'vitest';
import { capitalized, uncapitalized } from './letter-case.ts';

test.each([
  ['Log loss', 'log loss'],
  ['Macro F1', 'macro F1'],
  ['Übliche Miete', 'übliche Miete'],
  ['MAE', 'MAE'],
  ['R²', 'R²'],
  ['F1', 'F1'],
  ['sMAPE', 'sMAPE'],
  ['', ''],
])('%s is %s within a sentence', (title, within) => expect(uncapitalized(title)).toBe(within));

test('a sentence starts with a capital letter', () => {
  expect(capitalized('log loss is low')).toBe('Log loss is low');
});
