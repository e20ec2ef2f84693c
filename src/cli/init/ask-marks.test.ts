import { expect, test } from 'vitest';
import { csvText, day } from './csv-text.fixture.ts';
import { type Drafted, type DraftOptions, draftProject } from './draft.ts';
import { csvFile } from './read-csv.ts';

interface Given extends Partial<DraftOptions> {
  readonly missing?: readonly string[];
}

type Cell = (index: number) => string;

function read(cell: Cell, { missing = [], ...options }: Given = {}): Drafted {
  const text = csvText('size,x,price', (index) => `${index % 7},${cell(index)},${index * 3}.5`, 300);
  return draftProject(csvFile('sales.csv', text, { missing }), { project: 'houses', ...options });
}

function asked({ questions }: Drafted): readonly string[] {
  return questions?.map(({ text }) => text) ?? [];
}

function typeOf({ table }: Drafted): string | undefined {
  return table.columns[1]?.type;
}

const number: Cell = (index) => String(100 + ((index * 37) % 211));
const among =
  (word: string, each: number, other: Cell = number): Cell =>
  (index) =>
    index % each === 3 ? word : other(index);

test.each<readonly [string, Cell, string]>([
  ['none on some lines', among('none', 15), '"none" a missing value'],
  ['another word that repeats', among('Gebäude 7', 8), '"Gebäude 7" a missing value'],
  ['a German word', among('keine Angabe', 4), '"keine Angabe" a missing value'],
  ['an error of a spreadsheet', among('#DIV/0!', 5), '"#DIV/0!" a missing value'],
  ['dashes', among('--', 10), '"--" a missing value'],
  ['most lines', (index) => (index % 4 ? 'unknown' : number(index)), '"unknown" a missing value'],
])('a word among numbers is asked about, and the column stays one of numbers: %s', (_, cell, text) => {
  const drafted = read(cell);
  expect(asked(drafted)).toEqual([`Is ${text} in x?`]);
  expect(typeOf(drafted)).toBe('integer');
});

test('marks among dates, and among yes and no, are asked about too', () => {
  const dates = read(among('n.a.', 12, day));
  expect(asked(dates)).toEqual(['Is "n.a." a missing value in x?']);
  expect(typeOf(dates)).toBe('date');
  const truths = read(among('unknown', 12, (index) => (index % 2 ? 'yes' : 'no')));
  expect(asked(truths)).toEqual(['Is "unknown" a missing value in x?']);
  expect(typeOf(truths)).toBe('boolean');
});

test('the flags are named, each with what it does', () => {
  expect(read(among('none', 15)).questions?.[0]?.candidates.map(({ value }) => value)).toEqual([
    '--missing none',
    '--type x=number --max-bad-rows 0.1',
    '--type x=text',
  ]);
  expect(read(among('k. A.', 15)).questions?.[0]?.candidates[0]?.value).toBe("--missing 'k. A.'");
});

test('each of the flags decides it', () => {
  const cell = among('none', 15);
  const [missing, aside, text] = [
    read(cell, { missing: ['none'] }),
    read(cell, { types: new Map([['x', 'number']]), maxBadRows: 0.1 }),
    read(cell, { types: new Map([['x', 'text']]) }),
  ];
  expect(missing.table.columns[1]).toMatchObject({ type: 'integer', missing: 20, nullable: true });
  expect(missing.draft).toMatchObject({ setAside: undefined });
  expect(aside.table.columns[1]).toMatchObject({ type: 'integer', missing: 0, bad: { count: 20 } });
  expect(aside.draft).toMatchObject({ setAside: { count: 20, lines: 300 } });
  expect(text.table.columns[1]).toMatchObject({ type: 'string' });
});

test('columns with the same word are one question, and columns that are left out are none', () => {
  const text = csvText(
    'x,y,note,price',
    (index) =>
      `${among('none', 15)(index)},${among('none', 9)(index)},${among('nil', 9)(index)},${index * 3}.5`,
    300,
  );
  const drafted = draftProject(csvFile('sales.csv', text), { project: 'houses', without: ['note'] });
  expect(asked(drafted)).toEqual(['Is "none" a missing value in x, y?']);
  expect(drafted.questions?.[0]?.candidates.map(({ value }) => value)).toEqual([
    '--missing none',
    '--type x=number --type y=number --max-bad-rows 0.3',
    '--type x=text --type y=text',
  ]);
});

test.each<readonly [string, Cell]>([
  ['categories with a word', (index) => (index % 5 ? String(index % 4) : 'studio')],
  ['text with some numbers', (index) => (index % 2 ? `street ${index % 30}` : String(index))],
  ['sizes', (index) => ['38', '40', 'S', 'M', '42'][index % 5] ?? ''],
  ['codes with leading zeros', among('none', 15, (index) => String(index).padStart(5, '0'))],
])('no question, and text: %s', (_, cell) => {
  const drafted = read(cell);
  expect(asked(drafted)).toEqual([]);
  expect(typeOf(drafted)).toBe('string');
});

test('a few cells with a word are set aside, and the flag that reads it is named', () => {
  const drafted = read(among('none', 60));
  expect(asked(drafted)).toEqual([]);
  expect(drafted.draft).toMatchObject({ setAside: { count: 5 } });
});

test.each([
  ['y', 'number', /--type.*must be/],
  ['x', 'date', /--type must be a type that cells of the column have.*x=date/],
  ['x', 'yes-no', /--type must be a type that cells of the column have.*x=yes-no/],
] as const)('a type that the column does not have is refused: %s=%s', (name, type, message) => {
  expect(() => read(number, { types: new Map([[name, type]]) })).toThrow(message);
});

test('one share of lines is enough for the replies to all questions', () => {
  const text = csvText(
    'x,y,price',
    (index) => `${among('none', 6)(index)},${among('nil', 8)(index)},${index * 3}.5`,
    300,
  );
  const drafted = draftProject(csvFile('sales.csv', text), { project: 'houses' });
  expect(drafted.questions?.map(({ candidates }) => candidates[1]?.value)).toEqual([
    '--type x=number --max-bad-rows 0.4',
    '--type y=number --max-bad-rows 0.4',
  ]);
  const types = new Map([
    ['x', 'number'],
    ['y', 'number'],
  ] as const);
  const file = csvFile('sales.csv', text);
  expect(draftProject(file, { project: 'houses', types, maxBadRows: 0.4 }).questions).toBeUndefined();
});

test('columns that the project does not read are not asked about', () => {
  const text = csvText(
    'day,note,sold',
    (index) => `${day(index)},${among('unknown', 6)(index)},${20 + (index % 7)}.5`,
    300,
  );
  const forecast = { project: 'shop', kind: 'forecast', target: 'sold', time: 'day' } as const;
  expect(draftProject(csvFile('sales.csv', text), forecast)).toMatchObject({ draft: { kind: 'forecast' } });
  expect(
    asked(draftProject(csvFile('sales.csv', text), { project: 'shop', kind: 'model', target: 'sold' })),
  ).toEqual(['Is "unknown" a missing value in note?']);
});

test('a name with a comma is left out by its whole name', () => {
  const text = csvText(
    'm,"n,m",price',
    (index) => `${among('none', 6)(index)},${index % 7},${index * 3}.5`,
    300,
  );
  const drafted = draftProject(csvFile('sales.csv', text), { project: 'houses', without: ['n,m'] });
  expect(asked(drafted)).toEqual(['Is "none" a missing value in m?']);
});
