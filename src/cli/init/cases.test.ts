import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { csvText, day } from './csv-text.fixture.ts';
import { makeProject, type MakeOptions } from './make-project.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'modelyard-'));
});
afterEach(() => rm(parent, { recursive: true }));

interface Outcome {
  /** What was shown. */
  readonly found: string;
  readonly error?: string;
  /** The text of a file of the project. */
  readonly file: (name: string) => Promise<string>;
}

async function init(content: string | Uint8Array, options: Partial<MakeOptions> = {}): Promise<Outcome> {
  const csvPath = join(parent, 'sales.csv');
  await writeFile(csvPath, content);
  const found: string[] = [];
  const outcome = (error?: string): Outcome => ({
    found: found.join('\n'),
    ...(error !== undefined && { error }),
    file: (name) => readFile(join(parent, 'houses', name), 'utf8'),
  });
  try {
    await makeProject({
      name: 'houses',
      parent,
      csvPath,
      version: '1.0.0',
      show: (text) => void found.push(text),
      ...options,
    });
    return outcome();
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    const files = await readdir(parent);
    if (files.length > 1) throw new Error(`files were written: ${files.join(', ')}`, { cause: error });
    return outcome(error.message);
  }
}

const size = (index: number): number => (index * 7) % 31;
const line = (index: number): string => `${size(index)},${index % 7},${index * 1.5 + (index % 3)}`;
const y = (index: number): string => (((index * 7) % 31) + (index % 3) * 2.5 + 0.5).toFixed(1);

test.each([
  ['constructor', 'asked.constructor'],
  ['toString', 'asked.toString'],
  ['hasOwnProperty', 'asked.hasOwnProperty'],
  ['price (€/m²)', "asked['price (€/m²)']"],
  ['a[0]', "asked['a[0]']"],
  ['<1H', "asked['<1H']"],
  ['%of', "asked['%of']"],
  ['class', 'asked.class'],
  ['größe', 'asked.größe'],
  ['面积', 'asked.面积'],
  ['it\'s ""q""', "asked['it\\'s \"q\"']"],
  ['a\nb', String.raw`asked['a\nb']`],
  ['*/ end', "asked['*/ end']"],
  ['${x}`', "asked['${x}`']"],
])('a column can be called %j', async (name, code) => {
  const { error, file } = await init(
    csvText(`"${name}",b,y`, (index) => `${size(index)},${index % 5},${y(index)}`),
  );
  expect(error).toBeUndefined();
  expect(await file('features.ts')).toContain(`: ${code},`);
});

test('a column that is called __proto__ is left out, and refused as the target', async () => {
  const text = csvText('__proto__,b,y', (index) => `${size(index)},${index % 5},${y(index)}`);
  const { found, file } = await init(text);
  expect(found).toMatch(/__proto__ +integer .*left out: code cannot use/);
  expect(await file('features.ts')).toContain(
    "['__proto__']: 'code cannot use this name: rename it in the file',\n",
  );
  await rm(join(parent, 'houses'), { recursive: true });
  expect((await init(text, { target: '__proto__' })).error).toMatch(
    /--target must be .*rename it in the file/,
  );
});

test('a name that is there twice, or blank, is renamed, and the renaming is shown', async () => {
  const { found, file } = await init(
    csvText(',x,X,x,y', (index) => `${size(index)},${index % 5},${index % 7},${index % 11},${y(index)}`),
  );
  expect(found.replaceAll(/\s+/g, ' ')).toContain(
    'column 1 without a name is named "column 1", column 3 "X" is named "X 2", column 4 "x" is named "x 3"',
  );
  expect(await file('features.ts')).toContain("'x 3': asked['x 3'],");
});

test.each([
  ['no line has a value', 'c', () => ''],
  ['every line has the same value', 'c', () => '7'],
  [
    'its numbers are all different and have no name, as those of an index',
    '',
    (index: number) => String((index * 17) % 61),
  ],
])('a column is left out by name because %s', async (reason, name, text) => {
  const { found, file } = await init(
    csvText(`${name},b,y`, (index) => `${text(index)},${size(index)},${y(index)}`),
  );
  expect(found).toContain('left out: ');
  expect(await file('features.ts')).toContain(`: '${reason}',\n`);
});

test.each([
  ['NA', 'NA'],
  ['NaN', 'NaN'],
  ['a blank', ' '],
  ['?', '?'],
])('%s is a missing value of a feature and of the target', async (_, missing) => {
  const { found, file } = await init(
    csvText(
      'a,b,y',
      (index) => `${index % 10 ? size(index) : missing},${index % 5},${index % 9 ? y(index) : missing}`,
    ),
  );
  expect(found).toMatch(/a +integer +6 /);
  expect(found).toContain('7 lines without y are left out.');
  expect(await file('features.ts')).toContain('a: asked.a ?? NaN,');
  expect(await file('steps.ts')).toContain('return row.y !== null;');
});

test('rows that are all alike, and a target that never changes, are refused with the reason', async () => {
  for (const options of [{}, { target: 'y' }])
    expect(
      (
        await init(
          csvText('a,b,y', () => '1,x,3.5'),
          options,
        )
      ).error,
    ).toContain('the same value on every line');
});

test('bytes of Windows-1252 are read so, with a word, and the option is written', async () => {
  const text = csvText('größe,b,y', (index) => `${index % 2 ? 'é' : 'ü'},${size(index)},${y(index)}`);
  const { found, file } = await init(Uint8Array.from(text, (letter) => letter.charCodeAt(0)));
  expect(found).toContain('windows-1252');
  expect(await file('modelyard.config.ts')).toContain("encoding: 'windows-1252'");
  expect(await file('features.ts')).toContain("const größes = ['é', 'ü'] as const;");
});

test('titles, comments and a decimal comma are options of the source', async () => {
  const { file } = await init(
    `# made by export\n${csvText('a;b;y', (index) => `${size(index)};${index % 5},5;${y(index).replace('.', ',')}`)}`,
  );
  expect(await file('modelyard.config.ts')).toMatch(/delimiter: ';',\s+decimal: ',',\s+comment: '#'/);
});

test('thousands marks and currencies are numbers', async () => {
  const { found } = await init(
    csvText(
      'a,b,price',
      (index) => `"$1,${200 + size(index)}.50",${index % 9}%,"${100 + index},${100 + size(index)}"`,
    ),
  );
  expect(found).toMatch(/a +number .*feature\n.*b +integer .*feature\n.*price +integer .*target/);
});

test('categories with brackets are features by their own names', async () => {
  const { file } = await init(
    csvText(
      'a,sea,price',
      (index) => `${size(index)},${['<1H OCEAN', 'NEAR [BAY]', 'INLAND'][index % 3]},${y(index)}`,
    ),
  );
  expect(await file('features.ts')).toContain("const seas = ['<1H OCEAN', 'INLAND', 'NEAR [BAY]'] as const;");
});

test('an unclear file is refused before anything is written, with the flag', async () => {
  const text = csvText('size,town', (index) => `${size(index)},t${index % 3}`);
  expect((await init(text)).error).toContain(
    '--target must be given, since the last column, "town", holds words',
  );
  expect((await init(csvText('3,q,5.5', (index) => `${size(index)},q,${y(index)}`))).error).toContain(
    '--no-header or --with-header must be given, since the first line ',
  );
});

test('a column of dates with a blank keeps its example', async () => {
  const { file } = await init(
    csvText('sold,size,price', (index) => `${index === 5 ? '' : day(index)},${size(index)},${y(index)}`),
  );
  const features = await file('features.ts');
  expect(features).toMatch(/const example = \{ sold: '2024-\d\d-\d\d', size: \d+ \};/);
  expect(features).toContain("sold: z.iso.date().nullable().meta({ title: 'Sold' })");
  expect(features).toContain("sold: Raw.shape.sold.unwrap().meta({ title: 'Sold' }),");
});

test('a header alone, and what is no text, are refused with what the file is', async () => {
  expect((await init('size,town,price\n')).error).toContain('The file has no lines below its first one');
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d);
  const binary = Uint8Array.from({ length: 500 }, (_, at) => (at % 3 ? at % 251 : 0));
  for (const bytes of [png, binary]) expect((await init(bytes)).error).toContain('It is no text file');
});

test('what a person must choose is not called bad, nor missing', async () => {
  const { error } = await init(csvText('size,town', (index) => `${size(index)},t${index % 3}`));
  expect(error).toMatch(/^please choose: --target must be given, .*; candidates: town, size$/);
});

test.each([
  ['a word', (sum: number) => `Summe,,${sum}`],
  ['sums', (sum: number) => `,,${sum}`],
])('a total at the end, known by %s, is named and is no data', async (_, total) => {
  const lines = Array.from({ length: 60 }, (__, index) => `t${index % 3},${size(index)},${100 + index}`);
  const text = (last: string): string => `town,size,price\n${lines.join('\n')}\n${last}\n`;
  const { found, file } = await init(text(total(60 * 100 + (60 * 59) / 2)));
  expect(found.replaceAll(/\s+/g, ' ')).toMatch(/! Line 62 looks like a total .* A run sets it aside\./);
  const features = await file('features.ts');
  expect(features).toContain("const towns = ['t0', 't1', 't2'] as const;");
  expect(features).not.toContain('nullable');
});

const summed = (...last: readonly string[]): string =>
  `town,size,price\n${Array.from({ length: 60 }, (_, index) => `t${index % 3},${size(index)},${100 + index}`).join('\n')}\n${last.join('\n')}\n`;

test.each([
  ['a word', ['Total,900,7770'], ["row.town === 'Total'"]],
  [
    'a sum and an average',
    ['Summe,900,7770', 'Durchschnitt,15,129'],
    ["row.town === 'Summe'", "row.town === 'Durchschnitt'"],
  ],
  [
    'two words',
    ['Sub-total,900,7770', 'Grand total,900,7770'],
    ["row.town === 'Sub-total'", "row.town === 'Grand total'"],
  ],
])('a total that a run would read, known by %s, is left out by the step', async (_, last, conditions) => {
  const { found, file } = await init(summed(...last));
  expect(found.match(/looks like a total/g)).toHaveLength(conditions.length);
  expect(found.replaceAll(/\s+/g, ' ')).toContain('The step `clean` leaves it out.');
  const steps = await file('steps.ts');
  expect(steps).toContain(`return ${conditions.join(' || ')};`);
  expect(steps).toContain('return !isTotal(row);');
});

test('a total whose word is in no used column is known by its numbers', async () => {
  const lines = Array.from({ length: 60 }, (_, index) => `c${index},${size(index)},${100 + index}`);
  const { file } = await init(`remark,size,price\n${lines.join('\n')}\nTotal,900,7770\n`);
  expect(await file('steps.ts')).toContain('return (row.size === 900 && row.price === 7770);');
});

test('a total and rows without a target are left out together', async () => {
  const lines = Array.from(
    { length: 60 },
    (_, index) => `t${index % 3},${size(index)},${index === 5 ? '' : 100 + index}`,
  );
  const { file } = await init(`town,size,price\n${lines.join('\n')}\nTotal,900,7770\n`);
  expect(await file('steps.ts')).toContain('return row.price !== null && !isTotal(row);');
});

test('a word that repeats is a category, and sums between the lines are named', async () => {
  expect((await init(summed('mean,3,150', 'mean,4,151'))).found).not.toContain('looks like a total');
  await rm(join(parent, 'houses'), { recursive: true });
  const between = summed(
    'Subtotal,900,7770',
    ...Array.from({ length: 30 }, (_, index) => `t1,${index},${index}`),
    'Subtotal,5,9',
    't2,1,2',
  );
  expect((await init(between)).found.replaceAll(/\s+/g, ' ')).toContain(
    '! 2 lines say "Subtotal", the first is line 62: if they are sums of others, remove them',
  );
});

test('totals at the end of a forecast are named', async () => {
  const months = Array.from(
    { length: 60 },
    (_, index) =>
      `${2019 + Math.floor(index / 12)}-${String(1 + (index % 12)).padStart(2, '0')},${100 + index}`,
  );
  for (const last of ['Total,7770', 'Summe,7770\nDurchschnitt,129.5', ',7770']) {
    const { found } = await init(`month,sold\n${months.join('\n')}\n${last}\n`);
    expect(found.replaceAll(/\s+/g, ' ')).toMatch(/! Line 62 looks like a total .* A run sets it aside\./);
    await rm(join(parent, 'houses'), { recursive: true });
  }
});

test.each<readonly [string, (index: number) => string, RegExp]>([
  [
    'a few',
    (index) => line(index % 50),
    /10 lines of 60 \(17%\) repeat an earlier line, the first is line 52, the same as line 2\./,
  ],
  [
    'one',
    (index) => line(index === 59 ? 3 : index),
    /1 line of 60 \(2%\) repeats an earlier line, the first is line 61, the same as line 5\./,
  ],
  [
    'most, in any order',
    (index) => line((index * 7) % 11),
    /49 lines of 60 \(82%\) repeat an earlier line, the first is line 13, the same as line 2\./,
  ],
])('lines that repeat others are named with what the split does: %s', async (_, text, note) => {
  const { found } = await init(csvText('a,b,y', text));
  const message = found.replaceAll(/\s+/g, ' ');
  expect(message).toMatch(note);
  expect(message).toContain('Equal lines train together or test together');
});

test('lines that differ in one cell repeat none', async () => {
  expect((await init(csvText('a,b,y', line))).found).not.toContain('earlier line');
});
