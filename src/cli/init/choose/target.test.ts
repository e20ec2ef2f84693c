import { expect, test } from 'vitest';
import { drafted, modelDraft } from '../drafts.fixture.ts';

const number = (index: number): string => ((index * 7919) % 1009).toString();

test.each([
  ['a class before it', 'class,a,b', (index: number) => `${'ABC'[index % 3]}`, 'class, b, a'],
  ['a value before it', 'value,lat,lon', number, 'lon, value, lat'],
  [
    'a species before it',
    'species,length,width',
    (index: number) => `s${index % 3}`,
    'species, width, length',
  ],
  [
    'a rating before it',
    'rating,size,hours',
    (index: number) => String(1 + (index % 5)),
    'hours, rating, size',
  ],
])('a last number with %s is a question', (_, header, first) => {
  const { questions } = drafted(
    header,
    (index) => `${first(index)},${number(index * 3)}.5,${number(index * 5)}.25`,
  );
  const names = questions?.[0]?.candidates.map(({ value }) => value);
  expect(names).toEqual(expect.arrayContaining(header.split(',')));
  expect(names?.slice(0, 2)).toContain(header.split(',')[0]);
});

test.each([
  ['price,brand,rating', (index: number) => `${number(index)},b${index % 3},${1 + (index % 5)}`],
  ['price,quantity,sales', (index: number) => `${number(index)},${index % 9},${number(index * 3)}`],
  ['price,town,satisfaction', (index: number) => `${number(index)},t${index % 3},${1 + (index % 5)}`],
])('two names of targets, %s, are a question', (header, line) => {
  const { questions } = drafted(header, line);
  expect(questions?.[0]).toMatchObject({
    flag: '--target',
    reason: expect.stringContaining('may both be meant'),
  });
});

test.each([
  ['price,x,z', 'price'],
  ['cement,age,strength', 'strength'],
  ['rooms,size,hours', 'hours'],
  ['count,size,price', 'price'],
])('of %s, %s is predicted', (header, target) => {
  const line = (index: number): string => [1, 3, 5].map((factor) => `${number(index * factor)}.5`).join(',');
  expect(modelDraft(header, line).target.name).toBe(target);
});

test.each([
  ['ja', 'nein'],
  ['oui', 'non'],
  ['sí', 'no'],
  ['WAHR', 'FALSCH'],
])('%s and %s are yes and no', (yes, no) => {
  const line = (index: number): string => `${number(index)},${index % 3 ? yes : no},${index % 2 ? yes : no}`;
  const draft = modelDraft('size,garden,left', line, { target: 'left' });
  expect(draft).toMatchObject({ kind: 'boolean', features: [{ name: 'size' }, { type: 'boolean' }] });
});
