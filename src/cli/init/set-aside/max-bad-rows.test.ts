import { expect, test } from 'vitest';
import { PlatformError } from '../../../kernel/errors.ts';
import { csvText } from '../csv-text.fixture.ts';
import { type Drafted, type DraftOptions, draftProject } from '../draft.ts';
import { refuseUnsure } from '../choose/question.ts';
import { draftNotes } from '../conversation/notes.ts';
import { csvOptions } from '../files/csv-options.ts';
import { csvFile } from '../read-csv.ts';

type Line = (index: number) => string;

function read(header: string, line: Line, options: Partial<DraftOptions> = {}): Drafted {
  return draftProject(csvFile('sales.csv', csvText(header, line, 200)), { project: 'houses', ...options });
}

/** What a script is told. */
function refusal(drafted: Drafted): string {
  try {
    refuseUnsure(drafted.questions ?? []);
    return 'none';
  } catch (error) {
    if (error instanceof PlatformError) return error.message.replaceAll(/\s+/g, ' ');
    throw error;
  }
}

function notes({ draft }: Drafted): string {
  return draft
    ? draftNotes(draft)
        .map(({ text }) => text)
        .join('\n')
    : 'no draft';
}

function options({ draft }: Drafted): string {
  return draft ? csvOptions(draft).join(', ') : 'no draft';
}

const age: Line = (index) => String(20 + ((index * 7) % 50));
const isBad = (index: number): boolean => index % 10 < 3;
const outcome: Line = (index) => (isBad(index) || index % 10 === 9 ? 'yes' : 'no');

test.each<readonly [string, string, Line, RegExp]>([
  [
    'thousands separators without quotes',
    'age,amount,class',
    (index) =>
      `${age(index)},${isBad(index) ? `$3,${100 + index}.67` : `$${100 + index}.25`},${outcome(index)}`,
    /60 lines have too many cells: amount seems to have thousands separators without quotes, such as "\$3,100\.67" on line 2\. Write such numbers in quotes/,
  ],
  [
    'thousands separators in two columns',
    'amount,age,price,class',
    (index) =>
      `${isBad(index) ? '1,234.5' : `${index}.5`},${age(index)},${isBad(index) ? '7,654.5' : `${index * 2}.5`},${outcome(index)}`,
    /60 lines have too many cells: amount seems to have thousands separators without quotes, such as "1,234\.5" on line 2/,
  ],
  [
    'a delimiter within text',
    'age,town,class',
    (index) =>
      `${age(index)},${isBad(index) ? `Paris, Texas ${index}` : `town ${index % 4}`},${outcome(index)}`,
    /60 lines have too many cells: town seems to have the delimiter in its text, such as "Paris,Texas 0" on line 2/,
  ],
  [
    'cells of another type',
    'age,size,class',
    (index) =>
      `${age(index)},${isBad(index) && index % 6 === 0 ? `${index} sqm` : index * 1.5},${outcome(index)}`,
    /size has "0 sqm" on line 2, and 13 lines more, where a number is expected/,
  ],
])(
  'more than the usual share of lines: %s are a question with their cause',
  (name, ...[header, line, cause]) => {
    const isType = name === 'cells of another type';
    const drafted = read(
      header,
      line,
      isType ? { types: new Map([['size', 'number']]), maxBadRows: 0.01 } : {},
    );
    expect(refusal(drafted)).toMatch(/^please choose: --max-bad-rows must be given, since /);
    expect(refusal(drafted)).toMatch(cause);
    const share = isType ? '14 of 200 lines (7%)' : '60 of 200 lines (30%)';
    expect(refusal(drafted)).toContain(`since ${share} cannot be read`);
    expect(refusal(drafted)).not.toContain('stop');
  },
);

test.each<readonly [string, Line]>([
  ['a percent sign', (index) => (isBad(index) ? `0.${10 + (index % 80)}` : `${1 + (index % 90)}%`)],
  ['none', (index) => (isBad(index) ? `${1 + (index % 90)}%` : `0.${10 + (index % 80)}`)],
  ['another currency', (index) => (isBad(index) ? `$${index}.5` : `€${index}.5`)],
])('numbers in two units are a question that says so: most have %s', (_, rate) => {
  const drafted = read('rate,size,class', (index) => `${rate(index)},${index},${index % 3 ? 'yes' : 'no'}`);
  expect(refusal(drafted)).toMatch(
    /--max-bad-rows must be given.* rate has "[^"]+" on line \d+.*numbers in another unit/,
  );
});

test.each<readonly [string, Line]>([
  ['percentages with a decimal comma', (index) => (index % 10 ? `${index % 37},5` : '0,101%')],
  ['plain numbers with a decimal comma among percentages', (index) => (index % 10 ? `${index},5%` : '0,101')],
  ['a currency as a code', (index) => (index % 10 ? `$${index % 37}` : 'EUR 5')],
])('%s are numbers in another unit, and no missing values', (_, rate) => {
  const csv = csvFile(
    'sales.csv',
    csvText('rate;size;price', (index) => `${rate(index)};${index},5;${index * 3},25`, 200),
  );
  const reason = refusal(draftProject(csv, { project: 'houses', target: 'price' }));
  expect(reason).toMatch(/20 of 200 lines .*rate has "[^"]+" on line 2, .* numbers in another unit/);
  expect(reason).not.toContain('--missing');
});

test('numbers with another decimal mark are named so, and are no missing values', () => {
  const line: Line = (index) => `${index % 10 ? `${index % 37},5` : '5.44'};${index},5;${index * 3},25`;
  const csv = csvFile('sales.csv', csvText('rate;size;price', line, 200));
  const types = new Map([['rate', 'number' as const]]);
  const reason = refusal(draftProject(csv, { project: 'houses', target: 'price', types }));
  expect(reason).toContain('where a number with a decimal comma is expected');
  expect(reason).not.toContain('--missing');
});

test('a blank in a column of text is expected to be text', () => {
  const line: Line = (index) => (index === 199 ? `,,${199 * 198}` : `t${index % 4},${index},${index * 2}`);
  const drafted = read('town,size,price', line, { target: 'price', maxBadRows: 0, with: ['town'] });
  expect(refusal(drafted)).toContain('town has "" on line 201, where text is expected');
});

test('cells too few name the first line', () => {
  const drafted = read('age,size,class', (index) =>
    isBad(index) ? `${age(index)},${index}` : `${age(index)},${index},${outcome(index)}`,
  );
  expect(refusal(drafted)).toMatch(
    /60 lines have too few cells, the first is line 2: The header has 3 fields, this line 2\. Look for a line break/,
  );
});

test('what the lines have in common is said where it tells them from the others', () => {
  const line =
    (last: Line): Line =>
    (index) =>
      `${age(index)},${isBad(index) ? '$3,985.67' : `$${index}.25`},${last(index)}`;
  expect(refusal(read('age,amount,class', line(outcome)))).toContain(
    '100% of these lines have class = "yes", against 14% of the others',
  );
  expect(
    refusal(
      read(
        'age,amount,class',
        line((index) => (index % 2 ? 'yes' : 'no')),
      ),
    ),
  ).not.toContain('of these lines have');
});

test('up to the usual share they are set aside with count, share, line and reason, without an option', () => {
  const drafted = read('age,amount,price', (index) =>
    index % 40 === 7 ? `${age(index)},1,234.5,6.5` : `${age(index)},${index}.5,${index * 2}.5`,
  );
  expect(notes(drafted)).toMatch(
    /^5 of 200 lines \(3%\) cannot be read, so a run sets them aside\. 5 lines have too many cells: amount seems .* on line 9\./m,
  );
  expect(options(drafted)).not.toContain('maxBadRows');
});

test('exactly the usual share needs no option, one line more does', () => {
  const withBad = (count: number): Drafted =>
    read('age,size,price', (index) => `${age(index)}${index < count ? ',1' : ''},${index},${index * 2}.5`);
  expect(withBad(10).questions).toBeUndefined();
  expect(refusal(withBad(11))).toContain('11 of 200 lines (6%) cannot be read');
});

test('a share that is allowed is in the project and said', () => {
  const drafted = read(
    'age,amount,class',
    (index) => `${age(index)},${isBad(index) ? '$3,985.67' : `$${index}.25`},${outcome(index)}`,
    { maxBadRows: 0.4, target: 'class' },
  );
  expect(options(drafted)).toContain('maxBadRows: 0.4');
  expect(notes(drafted)).toContain('60 of 200 lines (30%) cannot be read, so a run sets them aside.');
  expect(notes(drafted)).toContain('The project has maxBadRows: 0.4, so a run goes through with up to 40%');
});

const part: Line = (index) => `t${index % 4},${(index * 7) % 50},${index * 3 + (index % 5)}`;

test.each<readonly [string, string, readonly string[]]>([
  ['a blank and a text', 'Total,,oops', []],
  ['a text', 'Zwischensumme,780,oops', []],
  ['too few cells', 'sous-total,780', []],
  ['a blank, twice with other words', 'Total,,oops', ['Sum,,oops']],
])('a total in the middle with %s is no bad row to init either', (_, total, more) => {
  const line: Line = (index) => (index === 100 ? total : index === 150 && more[0] ? more[0] : part(index));
  const drafted = read('town,size,price', line, { target: 'price', maxBadRows: 0 });
  expect(refusal(drafted)).toBe('none');
  expect(drafted.draft?.setAside).toBeUndefined();
});

test('a word of totals that rows have too is a category to init', () => {
  const line: Line = (index) => (index === 100 ? 'total,,oops' : index === 150 ? 'total,5,7' : part(index));
  const drafted = read('town,size,price', line, { target: 'price', maxBadRows: 0 });
  expect(refusal(drafted)).toMatch(/since 1 of 200 lines .* cannot be read/);
});

test('a file most of whose lines cannot be read is refused, and its header is not taken for data', () => {
  const thousands = (index: number): string =>
    `north,${index % 9},${40 + (index % 50)},${100 + index},${30_000 + index}`;
  const text = csvText(
    'region,outlets,spent,price',
    (index) => (index < 60 ? `north,${index % 9},7.5,${index}.5` : thousands(index)),
    200,
  );
  const csv = csvFile('sales.csv', text);
  expect(csv.format.header).toBe(true);
  expect(() => draftProject(csv, { project: 'houses' })).toThrow(
    /Most of its lines cannot be read: 140 lines have too many cells: spent seems to have thousands separators without quotes, such as "50,160" on line 62\. Write such numbers in quotes/,
  );
  expect(draftProject(csv, { project: 'houses', maxBadRows: 1, target: 'price' }).questions).toBeUndefined();
});
