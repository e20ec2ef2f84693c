import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { withLineNumbers } from './line-numbers.ts';
import { csvFile, readCsvFile } from './read-csv.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function written(bytes: string | Uint8Array): Promise<string> {
  const path = join(folder, 'sales.csv');
  await writeFile(path, bytes);
  return path;
}

test.each([
  ['a,b,c', ','],
  ['a;b,1;c', ';'],
  ['a\tb\tc', '\t'],
  ['"a,b,c"|d', '|'],
  ['alone', ','],
] as const)('the header %j is delimited by %j', (header, delimiter) => {
  expect(csvFile('x.csv', `${header}\n`).delimiter).toBe(delimiter);
});

test('names stand without the blanks around them, and lines come from the first each time', () => {
  const csv = csvFile('x.csv', ' a , "b" \n1,2\n\n3,4\n'.replace(', "b" ', ',"b"'));
  expect(csv.header).toEqual(['a', 'b']);
  for (const _ of [1, 2])
    expect([...csv.records()].map(({ fields }) => fields)).toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
});

test('a byte order mark is no part of the first name', async () => {
  expect((await readCsvFile(await written('\uFEFFsize,price\r\n1,2\r\n'))).header).toEqual(['size', 'price']);
});

test('what is no CSV is refused by name', async () => {
  await expect(readCsvFile(join(folder, 'none.csv'))).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    detail: { field: '--csv', value: join(folder, 'none.csv') },
  });
  await expect(readCsvFile(folder)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    detail: { field: '--csv' },
  });
  await expect(readCsvFile(await written(''))).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: { field: 'sales.csv', value: 'empty' },
  });
  await expect(readCsvFile(await written(Uint8Array.of(80, 255, 254)))).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: { value: 'not UTF-8' },
  });
  await expect(readCsvFile(await written('Price,price\n1,2\n'))).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: { field: 'header of sales.csv', value: 'price' },
  });
  expect(() => [...csvFile('x.csv', 'a,b\n1,2\n1\n').records()]).toThrow(
    'The header has 2 fields, this line 1 (x.csv, line 3: ["1"])',
  );
});

test('numbered lines read as they did before', () => {
  const text = 'a;b\n"x;""y""\n";1,5\n';
  const numbered = withLineNumbers(csvFile('x.csv', text));
  expect(numbered.header).toEqual(['row', 'a', 'b']);
  expect([...numbered.records()].map(({ fields }) => fields)).toEqual([['1', 'x;"y"\n', '1,5']]);
});
