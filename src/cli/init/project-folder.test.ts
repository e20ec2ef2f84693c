import { expect, test } from 'vitest';
import { checkName } from './project-folder.ts';

test.each(['houses', 'a', 'house-prices-2024'])('%s names a project', (name) => {
  expect(() => checkName(name)).not.toThrow();
});

test.each([
  ['noise_yn', 'noise-yn'],
  ['House Prices 2024', 'house-prices-2024'],
  ['Zürich', 'zurich'],
  ['2024-sales', 'sales'],
  ['-a-', 'a'],
])('%s does not, and the error names %s', (name, like) => {
  expect(() => checkName(name)).toThrow(`another word than modelyard: ${like} (name: "${name}")`);
});

test.each(['modelyard', '2024', '', '\u4F60\u597D'])('for %s there is no such name', (name) => {
  expect(() => checkName(name)).toThrow('another word than modelyard (name');
});
