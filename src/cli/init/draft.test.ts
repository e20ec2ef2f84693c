import { expect, test } from 'vitest';
import { day } from './csv-text.fixture.ts';
import { draft, drafted, modelDraft, refusal, roles } from './drafts.fixture.ts';

test('dates order the rows and are features; the last column of numbers is predicted', () => {
  const result = modelDraft('sold,town,price', (index) => `${day(index)},t${index % 3},${index * 3 + 1}.5`, {
    rows: 100,
  });
  expect(roles(result)).toEqual({ sold: 'time', town: 'feature', price: 'target' });
  expect(result.features.map(({ name }) => name)).toEqual(['sold', 'town']);
  expect(result.split).toMatchObject({ by: { name: 'sold' }, group: undefined });
});

test('of several dates the one that comes last orders; lines of one customer stay together', () => {
  const result = modelDraft(
    'customer_id,built,sold,size,price',
    (index) => `c${index % 25},${day(-9 * index)},${day(index)},${index % 7},${index * 3}`,
  );
  expect(roles(result)).toEqual({
    customer_id: 'group',
    built: 'feature',
    sold: 'time',
    size: 'feature',
    price: 'target',
  });
});

test('a date of birth, one with few values, and one that is mostly blank order nothing', () => {
  const result = modelDraft(
    'birthday,counted,seen,size,price',
    (index) =>
      `${day(-index * 90)},2024-01-0${1 + (index % 3)},${index % 2 ? day(index) : ''},${index % 7},${index * 3}`,
  );
  expect(result.split).toMatchObject({ by: undefined, group: undefined });
  expect(result.features.map(({ name }) => name)).toEqual(['birthday', 'counted', 'seen', 'size']);
});

test.each<readonly [string, string, (index: number) => string, string]>([
  ['a text with 25 values', 'b', (index: number) => `cat${index % 25}`, 'feature'],
  ['a street', 'street', (index: number) => `road ${index % 30}`, 'feature'],
  ['an id that repeats', 'customer_id', (index: number) => `c${index % 25}`, 'group'],
  ['an id', 'id', (index: number) => `h${index * 7}`, 'id: an id says nothing about other lines'],
  ['a count of the lines', 'nr', (index: number) => String(index + 1), 'id: it counts the lines'],
  ['free text', 'note', (index: number) => `note ${index}`, 'left out: nearly every line has another text'],
  ['one value', 'unit', () => 'kg', 'left out: every line has the same value'],
  ['no value', 'blank', () => '', 'left out: no line has a value'],
  ['codes with zeros', 'zip', (index: number) => `0000${index % 9}`, 'feature'],
  [
    'large ids',
    'order_id',
    (index: number) => `90071992547409${90 + index}`,
    'id: an id says nothing about other lines',
  ],
  ['times of day', 'at', (index: number) => `${index % 24}:30`, 'feature'],
  [
    'the name of a prototype',
    '__proto__',
    (index: number) => String(index % 4),
    'left out: code cannot use this name: rename it in the file',
  ],
])('%s is what it is used for', (_, name, ...[text, role]) => {
  const result = modelDraft(
    `${name},size,price`,
    (index) => `${text(index)},${(index * 7) % 11},${index * 3.5}`,
  );
  expect(result.roles[0]).toMatchObject({ column: { name } });
  expect(roles(result)[name] ?? `left out: ${result.roles[0]?.reason}`).toBe(role);
  expect(result.split.group?.name).toBe(role === 'group' ? name : undefined);
});

test('an id of few shops is a category', () => {
  const result = modelDraft(
    'shop_id,size,price',
    (index) => `${100 + (index % 24)},${index % 11},${index * 3.5}`,
    {
      rows: 1000,
    },
  );
  expect(roles(result)).toEqual({ shop_id: 'feature', size: 'feature', price: 'target' });
});

test('a target is never a group, even if it looks like an id', () => {
  const result = modelDraft('size,grid_id', (index) => `${index % 7},${500 + (index % 25)}`, {
    target: 'grid_id',
  });
  expect(result).toMatchObject({ target: { name: 'grid_id' }, split: { group: undefined } });
});

test('a year, a month and a day order the rows together', () => {
  const result = modelDraft(
    'year,month,day,hour,sold',
    (index) =>
      `${2020 + Math.floor(index / 300)},${1 + (Math.floor(index / 25) % 12)},${1 + (index % 25)},${index % 24},${index * 1.5}`,
    { rows: 600 },
  );
  expect(result.split).toMatchObject({
    by: undefined,
    dayParts: { name: 'date', year: { name: 'year' }, day: { name: 'day' } },
  });
});

test.each<readonly [string, string, (index: number) => string, string]>([
  [
    'a word that is a class',
    'kind',
    (index: number) => `a${index % 3}`,
    'the last column, "kind", holds words, so it may be a class or a feature',
  ],
  [
    'yes and no',
    'garden',
    (index: number) => (index % 3 ? 'yes' : 'no'),
    'the last column, "garden", holds yes and no, so it may be a class or a feature',
  ],
  [
    '0 and 1',
    'garden',
    (index: number) => String(index % 2),
    'the last column, "garden", has only 2 different numbers, so it may be a class or a feature',
  ],
  ['free text', 'note', (index: number) => `text ${index}`, 'the last column, "note", holds text'],
  ['dates', 'sold', day, 'the last column, "sold", holds dates'],
  ['an id', 'id', (index: number) => String(index), 'the last column, "id", looks like an id'],
  ['one value', 'unit', () => '5', 'the last column, "unit", has the same value on every line'],
  [
    'a month',
    'month',
    (index: number) => String(1 + (index % 12)),
    'the last column, "month", looks like a part of a date',
  ],
  ['no values', 'c', () => '', 'the last column, "c", has no values'],
  [
    'years, but for a few zeros',
    'Estimates Start After',
    (index: number) => String(index % 20 ? 2005 + (index % 11) : 0),
    'the last column, "Estimates Start After", looks like a part of a date',
  ],
  [
    'mostly one number',
    'extra',
    (index: number) => String(index % 3 ? 0 : index),
    'the last column, "extra", has the same value on most lines',
  ],
  [
    'numbers under a code',
    'AH',
    (index: number) => String(index / 7),
    'the last column, "AH", has a name that does not say whether it is meant',
  ],
])('without a target, a last column of %s is a question', (_, name, ...[text, reason]) => {
  const { questions } = drafted(`size,rent,${name}`, (index) => `${index % 7},${index * 3.5},${text(index)}`);
  expect(questions).toMatchObject([{ about: 'target', flag: '--target', reason }]);
  expect(questions?.[0]?.candidates.map(({ value }) => value)).toContain('rent');
});

test.each([
  ['price', (index: number) => String(index * 3.5)],
  ['SalePrice', (index: number) => String(index * 3.5)],
  ['Survived', (index: number) => String(index % 2)],
  ['Churn', (index: number) => (index % 2 ? 'Yes' : 'No')],
  ['label', (index: number) => `l${index % 3}`],
  ['y', (index: number) => String(index * 3.5)],
] as const)('a column that is called %s is predicted wherever it is', (name, text) => {
  expect(
    modelDraft(`size,${name},town`, (index) => `${index % 7},${text(index)},t${index % 3}`).target.name,
  ).toBe(name);
});

test('y is a coordinate beside x and z, and two telling names are a question', () => {
  expect(drafted('x,y,z', (index) => `${index % 7},${index % 13}.5,${index * 3.5}`).draft).toMatchObject({
    target: { name: 'z' },
  });
  expect(
    drafted('price,target,town', (index) => `${index % 7},${index * 3.5},t${index % 3}`).questions,
  ).toMatchObject([{ about: 'target', reason: '"price", "target" may both be meant' }]);
});

test.each<readonly [string, (index: number) => string, string]>([
  ['y', (index: number) => String(index % 2), 'boolean'],
  ['y', (index: number) => (index % 2 ? 'Yes' : 'No'), 'boolean'],
  ['y', (index: number) => (index % 2 ? 'high' : 'low'), 'class'],
  ['y', (index: number) => String(index % 2 ? -1 : 1), 'class'],
  ['class', (index: number) => String(index % 3), 'class'],
  ['amount', (index: number) => String(index % 3), 'number'],
  ['y', (index: number) => `c${index % 25}`, 'class'],
])('%s is predicted as what it is', (name, text, kind) => {
  expect(
    modelDraft(`size,${name}`, (index) => `${(index * 7) % 11},${text(index)}`, { rows: 300, target: name })
      .kind,
  ).toBe(kind);
});

test('0, 1 and 2 of a target are amounts or classes', () => {
  const line = (index: number): string => `${(index * 7) % 11},${index % 3}`;
  expect(drafted('size,target', line).questions).toMatchObject([
    { about: 'kind', flag: '--kind', candidates: [{ value: 'number' }, { value: 'class' }] },
  ]);
  for (const targetKind of ['number', 'class'] as const)
    expect(modelDraft('size,target', line, { targetKind }).kind).toBe(targetKind);
  expect(refusal('size,target', line, { targetKind: 'yes-no' })).toMatchObject({
    code: 'CONFIG_INVALID',
    field: '--kind',
  });
});

test('dates that can be read in two ways are a question, unless the lines are in the order of one', () => {
  const dmy = (index: number): string => `${1 + ((index * 5) % 12)}/${1 + ((index * 7) % 12)}/2024`;
  const line = (index: number): string => `${dmy(index)},${index % 7},${index * 3.5}`;
  expect(drafted('sold,size,price', line).questions).toMatchObject([
    { about: 'dates', candidates: [{ value: 'sold=D/M/Y' }, { value: 'sold=M/D/Y' }] },
  ]);
  expect(modelDraft('sold,size,price', line, { dates: new Map([['sold', 'M/D/Y']]) }).dateForms).toEqual(
    new Map([['sold', 'M/D/Y']]),
  );
  const inOrder = (index: number): string => `${1 + (index % 5)}/${1 + Math.floor(index / 5)}/2024`;
  expect(
    modelDraft('sold,size,price', (index) => `${inOrder(index)},${index % 7},${index * 3.5}`).dateForms.get(
      'sold',
    ),
  ).toBe('D/M/Y');
});

test.each([
  ['YYYYMMDD', (index: number) => day(index).replaceAll('-', ''), undefined],
  ['D/M/Y', (index: number) => day(index).split('-').toReversed().join('/'), 'D/M/Y'],
  ['M/D/Y', (index: number) => day(index).replace(/(\d+)-(\d+)-(\d+)/, '$2/$3/$1'), 'M/D/Y'],
  ['D.M.Y', (index: number) => day(index).split('-').toReversed().join('.'), 'D.M.Y'],
  ['epoch s', (index: number) => String(1_700_000_000 + index * 86_400), 'epoch s'],
  ['a time without a zone', (index: number) => `${day(index)} 12:30:00`, undefined],
  ['20141013T000000', (index: number) => `${day(index).replaceAll('-', '')}T000000`, undefined],
] as const)('dates as %s order the rows', (_, text, form) => {
  const result = modelDraft('ts,size,price', (index) => `${text(index)},${index % 7},${index * 3.5}`);
  expect(result.split.by?.name).toBe('ts');
  expect(result.dateForms.get('ts')).toBe(form);
});

test('numbers that could be seconds are not, in a column of another name', () => {
  expect(
    modelDraft('reads,size,price', (index) => `${1_700_000_000 + index * 977},${index % 7},${index * 3.5}`)
      .split.by,
  ).toBeUndefined();
});

test.each<readonly [string, (index: number) => readonly number[], readonly string[], string]>([
  [
    'casual,registered,cnt',
    (index: number) => [index % 7, index % 11, (index % 7) + (index % 11)],
    ['casual', 'registered'],
    '"casual" + "registered" is "cnt"',
  ],
  [
    'a,b,c,total',
    (index: number) => [
      index % 7,
      (index * 3) % 11,
      (index * 5) % 13,
      (index % 7) + ((index * 3) % 11) + ((index * 5) % 13),
    ],
    ['a', 'b', 'c'],
    '"a" + "b" + "c" is "total"',
  ],
  [
    'gross,costs,net',
    (index: number) => [index % 17, (index * 3) % 11, (index % 17) - ((index * 3) % 11)],
    ['gross', 'costs'],
    '"gross" - "costs" is "net"',
  ],
  [
    'quantity,each,amount',
    (index: number) => [1 + (index % 7), 0.5 + (index % 11), (1 + (index % 7)) * (0.5 + (index % 11))],
    ['quantity', 'each'],
    '"quantity" × "each" is "amount"',
  ],
  [
    'size,cents,price',
    (index: number) => [index % 5, index * 350, index * 3.5],
    ['cents'],
    '"cents" alone says what "price" is',
  ],
])('%s: what gives the target away is named', (header, values, ...[columns, message]) => {
  const result = modelDraft(header, (index) => values(index).join(','), {
    rows: 200,
    target: header.split(',').at(-1),
  });
  expect(result.leaks.map((leak) => [leak.columns.map(({ name }) => name), leak.message])).toEqual([
    [columns, message],
  ]);
  const without = modelDraft(header + ',size2', (index) => [...values(index), index % 5].join(','), {
    rows: 200,
    target: header.split(',').at(-1),
    without: [columns.join(',')],
  });
  expect(without.leaks).toEqual([]);
  expect(roles(without)).toMatchObject({ [columns[0] ?? '']: 'left out: left out by --without' });
});

test.each([
  ['a class under another name', (index: number) => (index % 2 ? 'yes' : 'no')],
  ['a mark with a border', (index: number) => String(index % 2 ? 50 + index : 49 - index)],
  ['a code of the class', (index: number) => String(index % 2 ? 7 : 9)],
] as const)('%s explains the class', (_, text) => {
  const result = modelDraft(
    'alive,size,survived',
    (index) => `${text(index)},${(index * 7) % 11},${index % 2}`,
  );
  expect(result.leaks.map(({ message }) => message)).toEqual(['"alive" alone says what "survived" is']);
});

test('a feature that explains most of the target is no leak', () => {
  const result = modelDraft(
    'a,b,y',
    (index) => `${index % 7},${index % 11},${(index % 7) + (index % 11) + (index % 3)}`,
    { rows: 200 },
  );
  expect(result.leaks).toEqual([]);
});

test('one bad cell does not remove a column, and a sentinel is named', () => {
  const result = modelDraft(
    'sensor,size,price',
    (index) =>
      `${index % 10 === 5 ? -200 : 10 + (index % 7)},${index === 40 ? 'unknown' : index % 9},${index * 3.5}`,
  );
  expect(roles(result)).toEqual({ sensor: 'feature', size: 'feature', price: 'target' });
  expect(result.features[1]).toMatchObject({
    type: 'integer',
    bad: { count: 1, first: { line: 42, text: 'unknown' } },
  });
  expect(result.features[0]?.numbers?.sentinel).toEqual({ value: '-200', count: 6 });
  expect(result.setAside?.count).toBe(1);
});

test('times and numbers alone make a forecast, or a model that says why not', () => {
  const sold = (index: number): number => 100 + (index % 7) + index;
  expect(draft('day,sold', (index) => `${day(index)},${sold(index)}`).kind).toBe('forecast');
  const irregular = modelDraft('day,sold', (index) => `${day(index * index)},${sold(index)}`);
  expect(irregular).toMatchObject({ kind: 'number', features: [{ name: 'day' }] });
  expect(irregular.noForecast).toMatch(/The times are not evenly spaced/);
});

test.each([
  ['too few lines', { rows: 49 }, { code: 'DATA_INVALID', field: 'rows of sales.csv', value: 49 }],
  [
    'an unknown target',
    { target: 'cost' },
    {
      code: 'CONFIG_INVALID',
      field: '--target',
      value: 'cost',
      remedy: 'must be a column of sales.csv; its columns are sold, size, price, note, unit',
    },
  ],
  [
    'a target of free text',
    { target: 'note' },
    { code: 'DATA_INVALID', field: 'column "note" of sales.csv' },
  ],
  ['a target of dates', { target: 'sold' }, { code: 'DATA_INVALID', field: 'column "sold" of sales.csv' }],
  [
    'a target that never changes',
    { target: 'unit' },
    { code: 'DATA_INVALID', value: '5', remedy: expect.stringContaining('the same value on every line') },
  ],
  [
    'the target left out',
    { target: 'price', without: ['price'] },
    { code: 'CONFIG_INVALID', field: '--without' },
  ],
  [
    'the target as a group',
    { target: 'price', group: 'price' },
    { code: 'CONFIG_INVALID', field: '--group' },
  ],
  ['an order by text', { target: 'price', time: 'note' }, { code: 'CONFIG_INVALID', field: '--time' }],
  [
    'nothing to predict from',
    { target: 'price', without: ['sold,size'] },
    {
      code: 'DATA_INVALID',
      field: 'columns of sales.csv',
      remedy: expect.stringContaining('note: nearly every line has another text'),
    },
  ],
] as const)('%s is refused', (_, options, error) => {
  expect(
    refusal(
      'sold,size,price,note,unit',
      (index) => `${day(index)},${index % 7},${index * 3},word${index},5`,
      options,
    ),
  ).toMatchObject(error);
});
