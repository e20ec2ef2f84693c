import { expect, test } from 'vitest';
import { z } from 'zod';
import { readDataset, saveDataset } from '../data/dataset.ts';
import { readRows } from '../data/table-reader.ts';
import type { StepContext } from '../project/tables/step.ts';
import { table } from '../project/tables/table.ts';
import { openWorkbench, type Workbench } from './operations.fixture.ts';
import type { TaskResult } from './task.ts';
import { userStep } from './user-step.ts';

const Row = z.object({ n: z.int().min(0), name: z.string().nullable() });
type Row = z.infer<typeof Row>;
type Context = StepContext<
  Readonly<Record<string, Row>>,
  Readonly<Record<string, Row>>,
  { readonly least: number }
>;
const { schema } = table(Row);

/** The rows under the output `name` of a task. */
async function rowsOf(result: TaskResult, name: string, { blobs }: Workbench): Promise<readonly Row[]> {
  const digest = result.outputs[name];
  const dataset = digest && (await readDataset(digest, blobs));
  const rows: Row[] = [];
  if (dataset?.kind === 'table') for await (const row of readRows<Row>(dataset, blobs)) rows.push(row);
  return rows;
}

function step(
  run: (context: Context) => Promise<void>,
  outputs: readonly string[] = ['rows'],
): Parameters<Workbench['work']>[1] {
  return {
    code: { run },
    params: { least: 2 },
    outputs: Object.fromEntries(outputs.map((name) => [name, { kind: 'table', schema }])),
  };
}

const sample: readonly Row[] = [
  { n: 1, name: 'one' },
  { n: 2, name: null },
  { n: 3, name: 'three' },
];

test('an input handed over as it is makes the table that its rows make', async () => {
  await using bench = await openWorkbench([userStep]);
  const Visit = z.object({
    town: z.string().nullable(),
    count: z.int(),
    price: z.number().optional(),
    paid: z.boolean().nullable(),
    day: z.iso.date(),
    at: z.iso.datetime().nullable(),
  });
  const visits = Array.from({ length: 5000 }, (_, index) => ({
    town: index % 3 === 0 ? null : `town ${index % 40}`,
    count: index,
    ...(index % 4 > 0 && { price: index / 7 }),
    paid: index % 5 === 0 ? null : index % 2 === 0,
    day: `2024-02-${10 + (index % 19)}`,
    at: index % 6 === 0 ? null : '2024-02-29T10:00:00.000Z',
  }));
  const outputs = { rows: { kind: 'table' as const, schema: table(Visit).schema } };
  const written = await bench.work('step', {
    ...step(async ({ out }) => out['rows']?.write(visits as never)),
    outputs,
  });
  const inputs = { visits: written.outputs['rows'] as never };
  const handedOver = async ({ in: given, out }: Context): Promise<void> =>
    out['rows']?.write(given['visits'] ?? []);
  const byRow = async ({ in: given, out }: Context): Promise<void> => {
    for await (const visit of given['visits'] ?? []) await out['rows']?.write([visit]);
  };
  for (const run of [handedOver, byRow])
    expect((await bench.work('step', { ...step(run), inputs, outputs })).outputs).toEqual(written.outputs);
  const twice = async (context: Context): Promise<void> => {
    await handedOver(context);
    await handedOver(context);
    await context.out['rows']?.write(visits.slice(0, 2) as never);
  };
  const both = await bench.work('step', { ...step(twice), inputs, outputs });
  expect(both.outputs).toEqual(
    (
      await bench.work('step', {
        ...step(async ({ out }) =>
          out['rows']?.write([...visits, ...visits, ...visits.slice(0, 2)] as never),
        ),
        outputs,
      })
    ).outputs,
  );
  const { schema: strict } = table(Visit.extend({ count: z.int().max(10) }));
  const refused = bench.work('step', {
    ...step(handedOver),
    inputs,
    outputs: { rows: { kind: 'table', schema: strict } },
  });
  await expect(refused).rejects.toMatchObject({
    detail: { field: 'column count in row 12 of rows', value: 11 },
  });
});

test('writes rows, in any number of goes, to each of its outputs', async () => {
  await using bench = await openWorkbench([userStep]);
  const result = await bench.work(
    'step',
    step(
      async ({ out }) => {
        await out['rows']?.write(sample.slice(0, 1));
        await out['rows']?.write(sample.slice(1));
        await out['none']?.write([]);
      },
      ['rows', 'none'],
    ),
  );
  expect(await rowsOf(result, 'rows', bench)).toEqual(sample);
  expect(result.facts).toEqual({ tables: { rows: { rows: 3 }, none: { rows: 0 } } });
});

test('reads its inputs as often as it wants, with its params, and says how far it is', async () => {
  await using bench = await openWorkbench([userStep]);
  const first = await bench.work(
    'step',
    step(async ({ out }) => out['rows']?.write(sample)),
  );
  const numbers = first.outputs['rows'] ?? '';
  const second = await bench.work('step', {
    ...step(async ({ in: { numbers: input }, out, params, log, progress }) => {
      let total = 0;
      for await (const { n } of input ?? []) total += n;
      log(`${total} of ${input?.rows}`);
      progress(1, 2);
      for await (const row of input ?? []) if (row.n >= params.least) await out['rows']?.write([row]);
    }),
    inputs: { numbers: numbers as never },
  });
  expect(await rowsOf(second, 'rows', bench)).toEqual(sample.slice(1));
  expect(bench.events).toEqual([
    { type: 'log', line: '6 of 3' },
    { type: 'progress', done: 1, total: 2 },
  ]);
});

test('a row that the schema does not take stops the step and is named', async () => {
  await using bench = await openWorkbench([userStep]);
  const bad = step(async ({ out }) => out['rows']?.write([...sample, { n: -1, name: 'less' }]));
  await expect(bench.work('step', bad)).rejects.toMatchObject({
    code: 'DATA_INVALID',
    message: expect.stringMatching(/column n in row 4/),
  });
});

test('what the step throws comes through as it is', async () => {
  await using bench = await openWorkbench([userStep]);
  const thrown = new RangeError('mine');
  await expect(
    bench.work(
      'step',
      step(() => Promise.reject(thrown)),
    ),
  ).rejects.toBe(thrown);
});

test('an input that is no table is refused', async () => {
  await using bench = await openWorkbench([userStep]);
  const value = await saveDataset({ kind: 'value', value: 1 }, bench.blobs);
  const reads = { ...step(async () => {}), inputs: { value } };
  await expect(bench.work('step', reads)).rejects.toThrow('input value must be a table (got "value")');
});
