import { expect, test } from 'vitest';
import { bareName, nameParts } from './column-name.ts';
import { describe } from './files/source-text.ts';

test.each([
  ['satisfaction (1-5)', 'Satisfaction (1-5)'],
  ['left (0/1)', 'Left (0/1)'],
  ['smoker (y/n)', 'Smoker (y/n)'],
  ['mood (1 to 10)', 'Mood (1 to 10)'],
  ['mood [0–100]', 'Mood (0–100)'],
  ['comfort (scale 1-7)', 'Comfort (scale 1-7)'],
  ['rating (out of 10)', 'Rating (out of 10)'],
  ['mean (n=20)', 'Mean (n=20)'],
  ['income (2015)', 'Income (2015)'],
  ['paid (yes/no)', 'Paid (yes/no)'],
])('the brackets of %s hold no unit', (name, title) => {
  expect(describe(name)).toEqual({ title, unit: undefined });
});

test.each([
  ['humidity (%)', '%'],
  ['speed (km/h)', 'km/h'],
  ['cement (kg in a m^3 mixture)', 'kg in a m^3 mixture'],
  ['area [m²]', 'm²'],
  ['use (l/100 km)', 'l/100 km'],
  ['cells (10^3/uL)', '10^3/uL'],
  ['pulse (1/min)', '1/min'],
  ['price (1000 USD)', '1000 USD'],
])('the unit of %s is %s', (name, unit) => {
  expect(nameParts(name).unit).toBe(unit);
});

test('a name is compared without its brackets, but a price per area is another thing', () => {
  expect(bareName('Satisfaction (1-5)')).toBe('satisfaction');
  expect(bareName('Preis [EUR]')).toBe('preis');
  expect(bareName('Zielgröße')).toBe(bareName('ZIELGRÖSSE'.replace('SS', 'ß')));
  expect(bareName('price (€/m²)')).not.toBe('price');
});
