import { expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { draftProject, type ModelDraft } from './draft.ts';
import { csvFile } from './read-csv.ts';

type Line = (index: number) => string;

interface DraftedOptions {
  readonly rows?: number;
  readonly target?: string;
  readonly kind?: 'model';
}

function draft(header: string, line: Line, options: DraftedOptions = {}): ModelDraft {
  const lines = Array.from({ length: options.rows ?? 60 }, (_, index) => line(index));
  const csv = csvFile('sales.csv', `${header}\n${lines.join('\n')}\n`);
  const { target, kind } = options;
  const drafted = draftProject(csv, { project: 'houses', target, kind, units: {}, madeUp: false });
  if (drafted.kind === 'forecast') throw new Error('a forecast was drafted');
  return drafted;
}

function refusal(header: string, line: Line, options: DraftedOptions = {}): unknown {
  try {
    return draft(header, line, options);
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return { code: error.code, ...error.detail };
  }
}

function roles({ target, split, asked, kept, numbered }: ModelDraft): object {
  return {
    target: target.name,
    by: split.by?.name,
    group: split.group?.name,
    asked: asked.map(({ name }) => name),
    kept: kept.map(({ name }) => name),
    numbered,
  };
}

const day = (index: number): string => new Date(Date.UTC(2024, 0, 1 + index)).toISOString().slice(0, 10);

test('the last column of numbers is predicted, and the date splits', () => {
  expect(roles(draft('size,price,sold', (index) => `${index % 9},${index * 3},${day(index)}`))).toEqual({
    target: 'price',
    by: 'sold',
    group: undefined,
    asked: ['size'],
    kept: ['sold'],
    numbered: false,
  });
});

test('of several dates the one that comes last splits; lines of one customer stay together', () => {
  const drafted = draft(
    'customer_id,built,sold,size,price',
    (index) => `c${index % 25},${day(-9 * index)},${day(index)},${index % 7},${index * 3}`,
  );
  expect(roles(drafted)).toMatchObject({
    by: 'sold',
    group: 'customer_id',
    asked: ['built', 'size'],
    kept: ['customer_id', 'sold'],
  });
});

test('without a date the split draws by an id, rather by one that repeats', () => {
  const drafted = draft(
    'id,street,size,price',
    (index) => `h${index},road ${index % 30},${index % 7},${index * 3}`,
  );
  expect(roles(drafted)).toMatchObject({
    by: undefined,
    group: 'street',
    asked: ['size'],
    kept: ['id', 'street'],
    numbered: false,
  });
});

test('a date that has few values, or is mostly blank, does not split', () => {
  const drafted = draft(
    'id,counted,seen,size,price',
    (index) =>
      `h${index},2024-01-0${1 + (index % 3)},${index % 2 ? day(index) : ''},${index % 7},${index * 3}`,
  );
  expect(roles(drafted)).toMatchObject({ by: undefined, group: 'id', asked: ['counted', 'seen', 'size'] });
});

test('without date and id the copy numbers its lines', () => {
  const drafted = draft('Row,"the ""note""",price', (index) => `${index % 5},"a, ${index % 4}",${index * 3}`);
  expect(roles(drafted)).toMatchObject({
    group: 'row2',
    asked: ['Row', 'the "note"'],
    numbered: true,
    target: 'price',
  });
  expect(drafted.csv.text.split('\n').slice(0, 3)).toEqual([
    'row2,Row,"the ""note""",price',
    '1,0,"a, 0",0',
    '2,1,"a, 1",3',
  ]);
});

test('what says nothing is not asked for', () => {
  const drafted = draft(
    'same,blank,comment,,__proto__,size,price',
    (index) => `x,,text ${index},${index},${index},${index % 7},${index * 3}`,
  );
  expect(roles(drafted)).toMatchObject({ asked: ['size'], kept: ['same', 'comment'] });
});

test('the example is the line nearest the mean of those that leave nothing blank', () => {
  const drafted = draft(
    'sold,size,garden,price',
    (index) => `${day(index)},${index % 50},${index === 30 ? '' : index % 2 ? 'yes' : 'no'},${index * 3}`,
  );
  expect(Object.fromEntries([...drafted.example].map(([{ name }, value]) => [name, value]))).toEqual({
    size: 29,
    garden: true,
  });
});

const priced: Line = (index) => `${day(index)},${index % 7},${index * 3},word${index}`;

test.each([
  ['too few lines', { rows: 49 }, { code: 'DATA_INVALID', field: 'rows of sales.csv', value: 49 }],
  [
    'an unknown target',
    { target: 'cost' },
    {
      code: 'CONFIG_INVALID',
      field: '--target',
      value: 'cost',
      remedy: 'must be a column of sales.csv; its columns are sold, size, price, note',
    },
  ],
  [
    'a target of free text',
    { target: 'note' },
    { code: 'DATA_INVALID', field: 'column "note" of sales.csv', value: 'string' },
  ],
  [
    'a target of dates',
    { target: 'sold' },
    { code: 'DATA_INVALID', field: 'column "sold" of sales.csv', value: 'date' },
  ],
] as const)('%s is refused', (_, options, error) => {
  expect(refusal('sold,size,price,note', priced, options)).toMatchObject(error);
});

test('a target with a word among its numbers is refused by the line of the word', () => {
  expect(
    refusal('size,price', (index) => `${index % 7},${index === 20 ? '1 200' : index}`, { target: 'price' }),
  ).toMatchObject({
    code: 'DATA_INVALID',
    field: 'column "price" of sales.csv, line 22',
    value: '1 200',
  });
});

test.each([
  ['yes and no', (index: number) => (index % 3 ? 'yes' : 'no'), 'boolean'],
  ['0 and 1', (index: number) => String(index % 2), 'boolean'],
  ['a few words', (index: number) => `kind${index % 3}`, 'class'],
  ['0, 1 and 2', (index: number) => String(index % 3), 'number'],
] as const)('a last column of %s is predicted as what it is', (_, field, kind) => {
  const drafted = draft(
    'sold,size,price,last',
    (index) => `${day(index)},${index % 7},${index * 3},${field(index)}`,
  );
  expect(roles(drafted)).toMatchObject({ target: 'last', asked: ['size', 'price'] });
  expect(drafted.kind).toBe(kind);
});

test('a last column that cannot be predicted leaves the last of numbers', () => {
  expect(
    roles(draft('kind,price,note', (index) => `a${index % 3},${index * 3},text ${index}`)),
  ).toMatchObject({
    target: 'price',
  });
});

test('data without a number that varies, or with nothing else, is refused', () => {
  expect(refusal('kind,size', (index) => `a${index % 3},5`)).toMatchObject({
    code: 'DATA_INVALID',
    field: 'columns of sales.csv',
    value: ['kind', 'size'],
  });
  expect(refusal('kind,size', (index) => `a${index % 3},5`, { target: 'size' })).toMatchObject({
    field: 'column "size" of sales.csv',
    value: 'the same value on every line',
  });
  expect(refusal('kind,size', (index) => `a${index % 3},${index < 40 ? index : ''}`)).toMatchObject({
    field: 'column "size" of sales.csv',
    value: '40 values',
  });
  expect(refusal('sold,price', (index) => `${day(index)},${index * 3}`, { kind: 'model' })).toMatchObject({
    code: 'DATA_INVALID',
    field: 'columns of sales.csv',
  });
});
