import { expect, test } from 'vitest';
import { day } from '../csv-text.fixture.ts';
import { modelDraft } from '../drafts.fixture.ts';
import { projectFiles } from '../files/folder-files.ts';

const line =
  (id: (index: number) => string | number) =>
  (index: number): string =>
    `${id(index)},${(index * 7) % 11},${index * 3.5}`;

test.each<readonly [string, (index: number) => string | number]>([
  ['id', (index) => index + 1],
  ['customerID', (index) => `C-${index * 7}`],
  ['order_id', (index) => 90_000 + index * 3],
  ['Order number', (index) => 5000 - index * 3],
  ['uuid', (index) => `90071992547409${90 + index}`],
])('%s identifies the rows', (name, id) => {
  const draft = modelDraft(`${name},size,price`, line(id));
  expect(draft.rowId?.name).toBe(name);
  const files = projectFiles(draft, '1.0.0');
  expect(files.get('modelyard.config.ts')).toMatch(
    new RegExp(`out: \\{ rows: table\\(Row, \\{ unique: '${name}' \\}\\) \\}`),
  );
  expect(files.get('features.ts')).toMatch(new RegExp(`'?${name}'?: z\\.(?:int|string)\\(\\)\\.meta`));
  expect(draft.features.map((column) => column.name)).toEqual(['size']);
});

test.each<readonly [string, (index: number) => string | number]>([
  ['id', (index) => (index === 59 ? 'C-7' : `C-${index}`)],
  ['customer_id', (index) => (index === 5 ? '' : `C-${index}`)],
  ['line', (index) => index + 1],
  ['note', (index) => `text ${index}`],
  ['product_id', (index) => index % 25],
  ['id', (index) => (index === 50 ? '1.0' : index + 1)],
])('%s that repeats, is blank or is no id identifies nothing', (name, id) => {
  const draft = modelDraft(`${name},size,price`, line(id));
  expect(draft.rowId).toBeUndefined();
  expect(projectFiles(draft, '1.0.0').get('modelyard.config.ts')).not.toContain('unique');
});

test('an id that repeats late in a long file identifies nothing', () => {
  const id = (index: number): number => (index === 10_499 ? 6 : index * 3);
  expect(modelDraft('id,size,price', line(id), { rows: 10_500 }).rowId).toBeUndefined();
  expect(
    modelDraft(
      'id,size,price',
      line((index) => index * 3),
      { rows: 10_500 },
    ).rowId?.name,
  ).toBe('id');
});

test('rows that a date divides need no id, and of two ids the one that is called id is taken', () => {
  const dated = (index: number): string => `C-${index},${day(index)},${index % 11},${index * 3.5}`;
  expect(modelDraft('id,sold,size,price', dated).rowId).toBeUndefined();
  const two = (index: number): string => `C-${index},${1000 + index * 3},${index % 11},${index * 3.5}`;
  expect(modelDraft('customer_id,id,size,price', two).rowId?.name).toBe('id');
});
