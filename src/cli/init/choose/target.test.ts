import { expect, test } from 'vitest';
import { draftNotes } from '../conversation/notes.ts';
import { day } from '../csv-text.fixture.ts';
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

const texts = (index: number): string => `w${index % 3}`;
const truth = (index: number): string => (index % 3 ? 'yes' : 'no');
const rating = (index: number): string => String(1 + (index % 5));
const decimal = (index: number): string => `${number(index * 3)}.5`;

test.each<readonly [string, string, (index: number) => string, (index: number) => string]>([
  ['target', 'target_2', decimal, number],
  ['label', 'label2', texts, texts],
  ['class', 'subclass', texts, texts],
  ['price_usd', 'price_eur', decimal, number],
  ['unit_cost', 'total_cost', decimal, number],
  ['price', 'purchased', decimal, truth],
  ['price', 'sold', decimal, (index) => String(index % 2)],
  ['Preis', 'Zufriedenheit (1-5)', decimal, rating],
  ['precio', 'tipo', decimal, texts],
])('%s and %s are as telling, so they are a question', (one, other, ...[first, last]) => {
  const { questions } = drafted(
    `${one},size,${other}`,
    (index) => `${first(index)},${decimal(index * 5)},${last(index)}`,
  );
  expect(questions?.[0]).toMatchObject({ about: 'target', flag: '--target' });
  expect(questions?.[0]?.candidates.map(({ value }) => value)).toEqual(expect.arrayContaining([one, other]));
});

test.each([
  ['Zielgröße,a,b', 'Zielgröße'],
  ['a,étiquette,b', 'étiquette'],
  ['precio (€),a,b', 'precio (€)'],
  ['a,Prix,b', 'Prix'],
  ['price,a,price_per_sqm', 'price'],
  ['price,a,price (€/m²)', 'price'],
  ['survived,a,alone?', 'survived'],
  ['subclass,a,class', 'class'],
  ['price,a,transmission', 'price'],
])('of %s, %s is predicted, and the others are named with the flag', (header, target) => {
  const last = /alone/.test(header) ? truth : /transmission/.test(header) ? texts : decimal;
  const draft = modelDraft(header, (index) => `${number(index)},${decimal(index)},${last(index * 5)}`);
  expect(draft.target.name).toBe(target);
  const others = header.split(',').filter((name) => name !== target);
  expect(draft.others?.map(({ value }) => value).toSorted()).toEqual(others.toSorted());
  const [note] = draftNotes(draft);
  expect(note?.text).toMatch(/is predicted; --target <column> predicts another one: /);
  for (const other of others) expect(note?.text).toContain(other);
});

test('a target that was named is not explained', () => {
  const draft = modelDraft('price,a,b', decimals, { target: 'a' });
  expect(draft.others).toBeUndefined();
  expect(draftNotes(draft)).toEqual([]);
});

function decimals(index: number): string {
  return [1, 3, 5].map((factor) => decimal(index * factor)).join(',');
}

test.each<readonly [string, string, (index: number) => string, string]>([
  ['two columns, the last an id', 'size,id', (index) => `${number(index)},k${index}`, 'looks like an id'],
  ['a last date', 'size,rooms,seen', (index) => `${number(index)},${index % 9},${day(index)}`, 'holds dates'],
  ['two columns of text', 'town,colour', (index) => `${texts(index)},${truth(index)}`, 'yes and no'],
  ['only text', 'town,colour', (index) => `${texts(index)},c${index % 4}`, 'holds words'],
])('%s is a question', (_, header, ...[line, reason]) => {
  const { questions } = drafted(header, line, { kind: 'model' });
  expect(questions?.[0]).toMatchObject({ about: 'target', reason: expect.stringContaining(reason) });
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
