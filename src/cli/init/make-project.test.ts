import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { nextCommands } from './format-draft.ts';
import type { Draft } from './draft.ts';
import { makeProject as make, type MakeOptions } from './make-project.ts';

let parent: string;
beforeEach(async () => {
  parent = await mkdtemp(join(tmpdir(), 'modelyard-'));
});
afterEach(() => rm(parent, { recursive: true }));

const options = { version: '1.2.3' } as const;

async function makeProject(given: MakeOptions): Promise<Draft> {
  const draft = await make(given);
  if (!draft) throw new Error('cancelled');
  return draft;
}

const read = (path: string): Promise<string> => readFile(join(parent, path), 'utf8');

async function csvOf(text: string): Promise<string> {
  const path = join(parent, 'My sales.csv');
  await writeFile(path, text);
  return path;
}

const lines = (line: (index: number) => string): string =>
  Array.from({ length: 60 }, (_, index) => `${line(index)}\n`).join('');

test('without a CSV a project of made-up houses stands in its folder, the same every time', async () => {
  const draft = await makeProject({ ...options, name: 'houses', parent });
  await makeProject({ ...options, name: 'again', parent });
  expect(draft).toMatchObject({
    rows: 600,
    madeUp: true,
    target: { name: 'price' },
    split: { by: { name: 'sold' } },
  });
  if (draft.kind === 'forecast') throw new Error('a forecast was drafted');
  expect(draft.features.map(({ name, type, nullable }) => [name, type, nullable])).toEqual([
    ['sold', 'date', false],
    ['town', 'string', false],
    ['size', 'integer', false],
    ['rooms', 'integer', false],
    ['age', 'integer', true],
    ['garden', 'boolean', false],
  ]);
  expect((await readdir(join(parent, 'houses'), { recursive: true })).toSorted()).toEqual([
    '.gitignore',
    'README.md',
    'data',
    'data/sales.csv',
    'features.ts',
    'modelyard.config.ts',
    'package.json',
    'steps.ts',
    'tsconfig.json',
  ]);
  expect((await read('houses/data/sales.csv')).split('\n')).toHaveLength(602);
  expect(await read('again/data/sales.csv')).toBe(await read('houses/data/sales.csv'));
  expect(JSON.parse(await read('houses/package.json'))).toMatchObject({
    name: 'houses',
    type: 'module',
    scripts: { typecheck: 'tsc --noEmit' },
    dependencies: { modelyard: '^1.2.3' },
    devDependencies: { typescript: expect.stringMatching(/^\^\d/) },
  });
  expect(JSON.parse(await read('houses/tsconfig.json'))).toMatchObject({
    compilerOptions: { strict: true, noEmit: true },
  });
});

test('the example of made-up houses is a whole request, with units', async () => {
  await makeProject({ ...options, name: 'houses', parent });
  const features = await read('houses/features.ts');
  expect(features).toContain("size: z.int().meta({ title: 'Size', unit: 'm²' }),");
  expect(features).toContain("age: z.int().nullable().meta({ title: 'Age', unit: 'years' }),");
  const row = ['sold', 'town', 'size', 'rooms', 'age', 'garden']
    .map((name) => new RegExp(`^  ${name}: (.*),$`, 'm').exec(features)?.[1]?.replaceAll("'", ''))
    .join(',');
  expect(await read('houses/data/sales.csv')).toMatch(
    new RegExp(`^${row.replace(/true$/, 'yes').replace(/false$/, 'no')},\\d+$`, 'm'),
  );
  expect(features).toContain('age: asked.age ?? NaN,');
  expect(features).toContain("town: z.string().meta({ title: 'Town', examples: towns }),");
  expect(features).toContain('const codeInTowns = codeIn(towns);');
  expect(features).toContain('town: codeInTowns(asked.town),');
  expect(await read('houses/modelyard.config.ts')).toContain("categories: ['town'");
  expect(features).toContain("'sold: month': soldAt.getUTCMonth() + 1,");
});

test('a CSV is copied as it is, and its odd names are quoted', async () => {
  const text = `"Sold On",2nd floor,"Price (EUR)"\r\n${lines((index) => `2024-01-${10 + (index % 20)},${index % 2 ? 'yes' : 'no'},${index === 5 ? '' : index + 0.5}`)}`;
  await makeProject({ ...options, name: 'houses', parent, csvPath: await csvOf(text) });
  expect(await read('houses/data/my-sales.csv')).toBe(text);
  const config = await read('houses/modelyard.config.ts');
  expect(config).toContain(
    "export const mySales = source('my-sales', csv({ from: 'data/my-sales.csv', row: Raw }));",
  );
  expect(config).toContain("target: 'Price (EUR)',");
  expect(config).toContain("split: { by: 'Sold On', test: 0.2 },");
  const features = await read('houses/features.ts');
  expect(features).toContain("'2nd floor': z.boolean().meta({ title: '2nd floor' })");
  expect(features).toContain("'2nd floor': Number(asked['2nd floor']),");
  expect(features).toContain(
    "'Price (EUR)': Raw.shape['Price (EUR)'].unwrap().meta({ title: 'Price', unit: 'EUR' }),",
  );
  expect(await read('houses/steps.ts')).toContain("return row['Price (EUR)'] !== null;");
});

test('values that differ in case only are codes of a category', async () => {
  const csvPath = await csvOf(
    `sold,grade,price\n${lines((index) => `2024-01-${10 + (index % 20)},${['A', 'a', ''][index % 3]},${index * 3}`)}`,
  );
  await makeProject({ ...options, name: 'houses', parent, csvPath });
  const features = await read('houses/features.ts');
  expect(features).toContain('grade: codeInGrades(asked.grade),');
  expect(await read('houses/modelyard.config.ts')).toContain("categories: ['grade']");
  expect(features).not.toContain('oneOf');
});

test('long lists of values are in a file of their own', async () => {
  const csvPath = await csvOf(
    `zone,size,price\n${Array.from({ length: 300 }, (_, index) => `z${index % 60},${index % 7},${index * 3}`).join('\n')}\n`,
  );
  await makeProject({ ...options, name: 'houses', parent, csvPath });
  expect(await read('houses/features.ts')).toContain("import { zones } from './categories.ts';");
  expect(await read('houses/categories.ts')).toContain("export const zones = [\n  'z0', 'z1', ");
});

test('two values are a feature each, more are codes, and columns that are not used are listed with the reason', async () => {
  const csvPath = await csvOf(
    `id,town,sort,price\n${lines((index) => `${index + 1},t${index % 3},s${index % 2},${index * 3}`)}`,
  );
  await makeProject({ ...options, name: 'houses', parent, csvPath });
  const features = await read('houses/features.ts');
  expect(features).toContain("const oneOfSorts = oneOf('sort', sorts);");
  expect(features).toContain('...oneOfSorts(asked.sort),');
  expect(features).toContain('town: codeInTowns(asked.town),');
  expect(await read('houses/modelyard.config.ts')).toContain("categories: ['town']");
  expect(features).toContain(
    "that are no features, and why (init --with <column> makes one of them a feature). */\nexport const leftOut = {\n  id: 'it counts the lines (it only names the row)',\n",
  );
});

test('how a file is written is in the options of csv()', async () => {
  const csvPath = await csvOf(
    `sold;size;price\n${lines((index) => `${10 + (index % 20)}/01/2024;${index % 10 === 3 ? '-200' : index % 9};${3 * index - 5},5`)}`,
  );
  await makeProject({ ...options, name: 'houses', parent, csvPath, missing: ['-200'] });
  expect(await read('houses/steps.ts')).toContain('await out.rows.write(mySales);');
  expect(await read('houses/modelyard.config.ts')).toContain(`  csv({
    from: 'data/my-sales.csv',
    row: Row,
    delimiter: ';',
    decimal: ',',
    missing: ['', 'NA', 'N/A', 'NaN', 'null', '?', '-', '.', '-200'],
    dates: { sold: 'D/M/Y' },
  }),`);
});

test('without a header, the row has all columns of the file in their order', async () => {
  const csvPath = await csvOf(lines((index) => `note ${index},${index % 7},t${index % 3},${index * 3}.5`));
  await expect(makeProject({ ...options, name: 'houses', parent, csvPath })).rejects.toMatchObject({
    code: 'CHOICE_NEEDED',
    detail: { field: '--no-header or --with-header' },
  });
  await makeProject({ ...options, name: 'houses', parent, csvPath, header: false });
  expect(await read('houses/features.ts')).toContain(`z.object({
  'column 1': z.string().nullable(),
  'column 2': Question.shape['column 2'],
  'column 3': Question.shape['column 3'],
  'column 4': z.number().meta(`);
  expect(await read('houses/modelyard.config.ts')).toContain('header: false');
});

test.each(['Houses', '1st', 'a b', '../houses', 'modelyard', ''])('%j is no name', async (name) => {
  await expect(makeProject({ ...options, name, parent })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    detail: { field: 'name', value: name },
  });
  expect(await readdir(parent)).toEqual([]);
});

test('a folder that holds something is left alone, an empty one is filled', async () => {
  await mkdir(join(parent, 'houses'));
  await makeProject({ ...options, name: 'houses', parent });
  const before = await read('houses/features.ts');
  await writeFile(join(parent, 'houses/mine.txt'), 'mine');
  await expect(makeProject({ ...options, name: 'houses', parent })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    detail: { field: 'folder houses', value: 'not empty' },
  });
  expect(await read('houses/features.ts')).toBe(before);
  await writeFile(join(parent, 'other'), '');
  await expect(makeProject({ ...options, name: 'other', parent })).rejects.toMatchObject({
    detail: { value: 'a file' },
  });
  expect((await readdir(parent)).toSorted()).toEqual(['houses', 'other']);
});

test('a project that a clone makes is installed from the clone', async () => {
  await makeProject({ ...options, name: 'houses', parent, clone: join(parent, 'my clone') });
  expect(JSON.parse(await read('houses/package.json'))).toMatchObject({
    dependencies: { modelyard: 'file:../my clone' },
  });
});

test('a clone that is not built yet is built first', async () => {
  const draft = await makeProject({ ...options, name: 'houses', parent });
  const commands = ['cd houses', 'npm install', 'npx modelyard dev'];
  expect(nextCommands(draft, undefined)).toEqual(commands);
  expect(nextCommands(draft, { folder: '/my clone', isBuilt: true })).toEqual(commands);
  expect(nextCommands(draft, { folder: '/my clone', isBuilt: false })).toEqual([
    'npm run build --prefix "/my clone"',
    ...commands,
  ]);
});

test('what fails leaves nothing', async () => {
  const few = await csvOf('size,price\n1,2\n');
  await expect(makeProject({ ...options, name: 'houses', parent, csvPath: few })).rejects.toMatchObject({
    code: 'DATA_INVALID',
  });
  await expect(makeProject({ ...options, name: 'houses', parent, target: 'cost' })).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    detail: { field: '--target' },
  });
  await expect(makeProject({ ...options, name: 'houses', parent: join(few, 'below') })).rejects.toMatchObject(
    {
      code: 'CONFIG_INVALID',
    },
  );
  expect(await readdir(parent)).toEqual(['My sales.csv']);
});
