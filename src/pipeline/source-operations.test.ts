import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { readDataset } from '../data/dataset.ts';
import { ColumnBatch, rowsOfBatches } from '../project/tables/column-batch.ts';
import type { ReadFunction } from '../project/tables/source.ts';
import { table } from '../project/tables/table.ts';
import { csv } from '../sources/csv/csv.ts';
import { openWorkbench, type Workbench } from './operations.fixture.ts';
import { readNotes } from './read-notes.ts';
import { fetchSource, readSource } from './source-operations.ts';
import type { TaskResult } from './task.ts';

const operations = [fetchSource, readSource];
const { schema } = table(z.object({ line: z.string() }));

const readLines: ReadFunction<{ line: string }> = async function* (files, { options, log, progress }) {
  for (const [index, file] of files.entries()) {
    const lines = new TextDecoder().decode(await file.bytes()).split('\n');
    for (const line of lines.filter((each) => each !== ''))
      yield { line: `${JSON.stringify(options['mark'])}${line}` };
    log(file.name);
    progress(index + 1, files.length);
  }
};

const address = (from: string) => ({ origins: [{ kind: 'address', from }], isKept: false });

function read(
  bench: Workbench,
  fetched: TaskResult,
  spec: Parameters<Workbench['work']>[1] = {},
): Promise<TaskResult> {
  return bench.work('read', {
    inputs: { files: fetched.outputs['files'] as never },
    code: { read: readLines },
    params: { kind: 'lines', version: 1, options: { mark: '>' } },
    outputs: { rows: { kind: 'table', schema } },
    ...spec,
  });
}

test('raw bytes are kept as they came, and rows are read from what was kept', async () => {
  await using bench = await openWorkbench(operations);
  await writeFile(join(bench.folder, 'raw.txt'), 'one\ntwo\n');
  const fetched = await bench.work('fetch', { params: address('raw.txt') });
  expect(fetched.facts).toMatchObject({ files: 1, bytes: 8, simulated: false });
  const files = await readDataset(fetched.outputs['files'] as never, bench.blobs);
  expect(files).toMatchObject({ kind: 'files', files: [{ name: 'raw.txt', size: 8 }] });

  await writeFile(join(bench.folder, 'raw.txt'), 'changed meanwhile\n');
  const result = await read(bench, fetched);
  expect(result.facts).toEqual({ rows: 2, files: 1 });
  expect(bench.events).toEqual([
    { type: 'log', line: 'raw.txt' },
    { type: 'progress', done: 1, total: 1, what: 'files' },
  ]);
});

/** `readLines` as batches of a file each. */
const readBatches: ReadFunction<{ line: string }> = async function* (files, context) {
  for (const file of files) {
    const lines: string[] = [];
    for await (const { line } of rowsOfBatches(readLines([file], context))) lines.push(line);
    yield new ColumnBatch(lines.length, { line: lines });
  }
};

test.each([undefined, ['line']])('batches of a reader with the key %j are read as rows are', async (key) => {
  await using bench = await openWorkbench(operations);
  await mkdir(join(bench.folder, 'raw'));
  await writeFile(join(bench.folder, 'raw', '1.txt'), 'two\none\n');
  await writeFile(join(bench.folder, 'raw', '2.txt'), 'one\nthree\n');
  const fetched = await bench.work('fetch', { params: address('raw') });
  const params = { kind: 'lines', version: 1, options: { mark: '>' }, ...(key && { key }) };
  const [byRow, byBatch] = [
    await read(bench, fetched, { params }),
    await read(bench, fetched, { params, code: { read: readBatches } }),
  ];
  expect(byRow.facts).toEqual({ rows: key ? 3 : 4, files: 2 });
  expect(byBatch.outputs).toEqual(byRow.outputs);
});

test('a refused row of a batch is named with its file', async () => {
  await using bench = await openWorkbench(operations);
  await mkdir(join(bench.folder, 'raw'));
  await writeFile(join(bench.folder, 'raw', '1.txt'), 'one\ntwo\n');
  await writeFile(join(bench.folder, 'raw', '2.txt'), 'three\nfour and more\n');
  const fetched = await bench.work('fetch', { params: address('raw') });
  const { schema: short } = table(z.object({ line: z.string().max(10) }));
  const outputs = { rows: { kind: 'table' as const, schema: short } };
  await expect(read(bench, fetched, { code: { read: readBatches }, outputs })).rejects.toMatchObject({
    detail: { field: expect.stringMatching(/2\.txt, column line in row 4 of /) },
  });
});

test('rows of a CSV that cannot be read are set aside, with facts, log and summary', async () => {
  await using bench = await openWorkbench(operations);
  const good = Array.from({ length: 1000 }, (_, at) => `${at},x,z`);
  const bad = Array.from({ length: 25 }, () => 'oops,x,z');
  await writeFile(join(bench.folder, 'raw.csv'), ['n,t,more', ...good, ...bad, '5'].join('\n'));
  const fetched = await bench.work('fetch', { params: address('raw.csv') });
  const reader = csv({ from: 'raw.csv', row: z.object({ n: z.int(), t: z.string() }) });
  const result = await read(bench, fetched, {
    code: { read: reader.read },
    params: { kind: reader.kind, version: reader.version, options: reader.options },
    outputs: { rows: { kind: 'table', schema: reader.table.schema } },
  });
  const { rejects, ...facts } = z.object(readNotes).loose().parse(result.facts);
  expect(facts).toEqual({ rows: 1000, files: 1, rejected: 26, unread: ['more'] });
  const reason = 'Write a whole number, list the text in `missing`, or change the column in `row`.';
  expect(rejects).toHaveLength(20);
  expect(rejects?.[0]).toEqual({ file: 'raw.csv', line: 1002, column: 'n', value: 'oops', reason });
  const lines = bench.events.flatMap((event) => (event.type === 'log' ? [event.line] : []));
  expect(lines[0]).toBe(`set aside: raw.csv, line 1002, column "n" (got "oops"): ${reason}`);
  expect(lines.at(-1)).toBe('raw.csv: 1,000 rows, 26 set aside');
  expect(readSource.summary?.(result.facts as never)).toBe('1,000 rows, 26 set aside');
  expect(readSource.notes?.(result.facts as never)).toEqual([
    `set aside: raw.csv, line 1002, column "n" (got "oops"): ${reason}`,
    `set aside: raw.csv, line 1003, column "n" (got "oops"): ${reason}`,
    `set aside: raw.csv, line 1004, column "n" (got "oops"): ${reason}`,
    '… and 23 more: see the data page',
  ]);
});

test('a row that the table refuses is named with the file that it was read from', async () => {
  await using bench = await openWorkbench(operations);
  await mkdir(join(bench.folder, 'raw'));
  for (const [name, text] of [
    ['1.txt', 'one\ntwo\n'],
    ['2.txt', ''],
    ['3.txt', 'three\nfour and more\nfive\n'],
    ['4.txt', 'six\n'],
  ] as const)
    await writeFile(join(bench.folder, 'raw', name), text);
  const fetched = await bench.work('fetch', { params: address('raw') });
  const short = table(z.object({ line: z.string().max(10) })).schema;
  const readAll: ReadFunction<{ line: string }> = async function* (files) {
    // As a reader that looks at all files before it reads them.
    for (const file of files) await file.bytes();
    for (const file of files)
      for (const line of new TextDecoder().decode(await file.bytes()).split('\n'))
        if (line !== '') yield { line };
  };
  const work = bench.work('read', {
    inputs: { files: fetched.outputs['files'] as never },
    code: { read: readAll },
    params: { kind: 'lines', version: 1, options: {} },
    outputs: { rows: { kind: 'table', schema: short } },
  });
  await expect(work).rejects.toMatchObject({
    code: 'DATA_INVALID',
    detail: {
      field: expect.stringMatching(/^3\.txt, column line in row 4 of /),
      value: 'four and more',
    },
  });
});

test('looking again at what has not changed answers with the same dataset, and when it was got', async () => {
  await using bench = await openWorkbench(operations);
  await writeFile(join(bench.folder, 'raw.txt'), 'one\n');
  const params = address('raw.txt');
  const first = await bench.work('fetch', { params });
  const second = await bench.work('fetch', { params, previous: first });
  expect(second.outputs).toEqual(first.outputs);
  expect(second.facts['fetchedAt']).toBe(first.facts['fetchedAt']);
  expect(Number(second.facts['checkedAt'])).toBeGreaterThan(Number(first.facts['checkedAt']));

  await writeFile(join(bench.folder, 'raw.txt'), 'two\n');
  const third = await bench.work('fetch', { params, previous: second });
  expect(third.outputs).not.toEqual(first.outputs);
  expect(third.facts['fetchedAt']).not.toBe(first.facts['fetchedAt']);
});

test('a simulation is run with its arguments, and its data is called simulated', async () => {
  await using bench = await openWorkbench(operations);
  const make = ({ count }: { readonly count: number }): { name: string; text: string }[] =>
    Array.from({ length: count }, (_, at) => ({ name: `${at}.txt`, text: `line ${at}\n` }));
  const fetched = await bench.work('fetch', {
    code: { '0.make': make },
    params: { origins: [{ kind: 'simulation', args: { count: 3 } }], isKept: false },
  });
  expect(fetched.facts).toMatchObject({ simulated: true });
  expect((await read(bench, fetched)).facts).toMatchObject({ rows: 3 });
});

test('a source that is not there is named', async () => {
  await using bench = await openWorkbench(operations);
  await expect(bench.work('fetch', { params: address('gone.txt') })).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    message: expect.stringContaining('gone.txt'),
  });
});
