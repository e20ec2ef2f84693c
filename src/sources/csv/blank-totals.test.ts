import { expect, test } from 'vitest';
import { isBlankTotal } from './total-word.ts';

test.each([
  'Total 2021-01,,,,53986.74',
  'Grand total,,,,99',
  'Subtotal Berlin,,,12,99.5',
  'Summe Januar;;;1.234,50',
  'Zwischensumme: Januar,,,99',
  ',Total,,,99',
  'Average of 2021,,,7.5',
  'TOTAL,,,"$1,234"',
])('%s is a total', (line) => {
  expect(isBlankTotal(line.replaceAll('"', '').split(line.includes(';') ? ';' : /,(?! ?\d{3}\b)/))).toBe(
    true,
  );
});

test.each([
  ['a category with full cells', 'Total Energies,FR,5,7,8'],
  ['a category with text beside it', 'Total Energies,,,FR,8'],
  ['a name that only begins like a word', 'Sumatra,,,,8'],
  ['a name that is a word for means', 'Media Markt,,,,8'],
  ['a line with few columns', 'Total,5'],
  ['a line without a number', 'Total,,,,'],
  ['a line that is mostly filled', 'Total,1,2,,5'],
])('%s is no total', (_what, line) => {
  expect(isBlankTotal(line.split(','))).toBe(false);
});
