import { mkdtemp, readdir, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recordsIn, sniffFile } from './read-file.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'modelyard-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** How often this process has a file open. */
async function opened(path: string): Promise<number> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(links)).filter((link) => link === path).length;
}

test.runIf(process.platform === 'linux')('a file that is read in part is closed', async () => {
  const path = join(folder, 'rows.csv');
  await writeFile(path, `size\n${'80\n'.repeat(200_000)}`);
  const { format } = await sniffFile(path, { name: 'rows.csv' });
  expect(await opened(path)).toBe(0);
  const records = recordsIn(path, { name: 'rows.csv', format });
  records.next();
  expect(await opened(path)).toBe(1);
  records.return(undefined);
  expect(await opened(path)).toBe(0);
});

test('a quote that does not close is the fault of its line alone', async () => {
  const path = join(folder, 'rows.csv');
  await writeFile(path, 'size,town\n1,"a\n2,b\n3,c\n');
  const { format } = await sniffFile(path, { name: 'rows.csv' });
  expect([...recordsIn(path, { name: 'rows.csv', format })]).toMatchObject([
    { line: 2, fault: expect.stringContaining('Close its quotes') },
    { line: 3, fields: ['2', 'b'] },
    { line: 4, fields: ['3', 'c'] },
  ]);
});

test('a file without a header is read as the source that has none', async () => {
  const path = join(folder, 'rows.csv');
  await writeFile(path, 'made by the lab\n% first\n80;yes\n90;no\n');
  const options = { header: false, skip: 1, comment: '%', delimiter: ';' } as const;
  const source = { options, columns: ['size', 'garden'] };
  const { format, names, written, stated } = await sniffFile(path, {
    name: 'rows.csv',
    source,
    asSource: true,
  });
  expect(stated).toEqual(['delimiter', 'skip', 'comment', 'header']);
  expect([names, written]).toEqual([
    ['size', 'garden'],
    ['size', 'garden'],
  ]);
  expect([...recordsIn(path, { name: 'rows.csv', format })].map(({ fields }) => fields)).toEqual([
    ['80', 'yes'],
    ['90', 'no'],
  ]);
});

test.each([
  ['the columns of the source', 'Bath;80;yes;9\n', ['town', 'size', 'garden', 'price']],
  ['those without the target', 'Bath;80;yes\n', ['town', 'size', 'garden']],
  ['the fields of the request', '80;yes\n', ['size', 'garden']],
  ['none of these', '80;yes;1;2;3\n', ['column 1', 'column 2', 'column 3', 'column 4', 'column 5']],
])('a file that the caller says has no header has %s', async (_name, content, columns) => {
  const path = join(folder, 'rows.csv');
  await writeFile(path, content.repeat(3));
  const source = { options: {}, columns: ['town', 'size', 'garden', 'price'] };
  const orders = [
    ['town', 'size', 'garden'],
    ['size', 'garden'],
  ];
  const { format, names, sample } = await sniffFile(path, {
    name: 'rows.csv',
    asked: { header: false },
    source,
    orders,
  });
  expect([format.header, names, sample.length]).toEqual([false, columns, 3]);
});
