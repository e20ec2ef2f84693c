import { z } from 'zod';
import { openTableWriter, type OpenTableWriter } from '../data/table-writer.ts';
import { readBatches, readRows } from '../data/table-reader.ts';
import type { Dataset, TableDataset } from '../data/dataset.ts';
import { type Closers, openClosers } from '../kernel/closers.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { ColumnBatch } from '../project/tables/column-batch.ts';
import type { StepContext, Table, TableWriter } from '../project/tables/step.ts';
import type { TableSchema } from '../project/tables/table.ts';
import { steps } from './declared-kinds.ts';
import { limitsOf } from './declared-limits.ts';
import { countOf } from './facts.ts';
import { inputTable } from './inputs.ts';
import { jsonObject } from './json-object.ts';
import { type OperationContext, taskOperation } from './operation.ts';
import { tableInputs } from './plan-tasks.ts';
import { finishTable, originFacts, tableOutputs } from './table-checks.ts';

type AnyContext = StepContext<Readonly<Record<string, object>>, Readonly<Record<string, object>>>;

/** Runs a step of the project, with its tables to read and to write. */
export const userStep = taskOperation({
  name: 'step',
  description: 'Makes tables from tables with the project’s own code.',
  declared: steps,
  taskName: 'declaration',
  inputs: 'tables',
  outputs: 'declared',
  params: jsonObject,
  facts: z.object({
    tables: z.record(z.string(), z.object({ rows: z.number() })),
    simulated: z.boolean().optional(),
  }),
  process: 'own',
  async plan(step, { bundle }) {
    if (step.matrix) return undefined;
    return {
      inputs: tableInputs(step.in),
      code: { run: await bundle(step.run, `steps.${step.name}.run`) },
      params: step.params,
      ...limitsOf(step),
      ...(await tableOutputs(
        step,
        Object.fromEntries(Object.entries(step.out).map(([name, { table }]) => [name, table])),
      )),
    };
  },
  async run(context) {
    const run = await context.code<(step: AnyContext) => Promise<void>>('run');
    await using closers = openClosers();
    const writers = await openWriters(context, closers);
    const inputs = Object.fromEntries(
      await Promise.all(
        Object.keys(context.spec.inputs).map(
          async (name) => [name, new InputTable(await inputTable(context, name), context)] as const,
        ),
      ),
    );
    await run({
      in: inputs,
      out: writers,
      params: context.params,
      log: (line) => context.emit({ type: 'log', line }),
      progress: (done, total) =>
        context.emit({ type: 'progress', done, ...(total !== undefined && { total }) }),
    });
    const outputs: Record<string, Dataset> = {};
    const tables: Record<string, { rows: number }> = {};
    for (const [name, writer] of Object.entries(writers)) {
      const dataset = await finishTable(writer, name, context);
      outputs[name] = dataset;
      tables[name] = { rows: dataset.rows };
    }
    return { outputs, facts: { tables, ...originFacts(context.spec.outputs) } };
  },
  summary: ({ tables }) =>
    Object.entries(tables)
      .map(([name, { rows }]) =>
        name === 'rows' ? countOf(rows, 'row') : `${name}: ${countOf(rows, 'row')}`,
      )
      .join(', '),
});

async function openWriters(
  { spec, scratch }: OperationContext,
  closers: Closers,
): Promise<Readonly<Record<string, OutputTable>>> {
  const writers: Record<string, OutputTable> = {};
  for (const [name, output] of Object.entries(spec.outputs))
    if (output.kind === 'table' && output.schema)
      writers[name] = new OutputTable(
        output.schema,
        closers.add(await openTableWriter({ name, schema: output.schema, scratchPath: scratch })),
      );
  return writers;
}

/** An input, which a step may hand over to an output as it is. */
class InputTable implements Table<object> {
  readonly rows: number;
  readonly dataset: TableDataset;
  readonly #blobs: OperationContext['blobs'];

  constructor(table: TableDataset, { blobs }: OperationContext) {
    this.rows = table.rows;
    this.dataset = table;
    this.#blobs = blobs;
  }

  [Symbol.asyncIterator](): AsyncIterator<object> {
    return readRows(this.dataset, this.#blobs)[Symbol.asyncIterator]();
  }

  batches(): AsyncIterable<ColumnBatch> {
    return readBatches(this.dataset, this.#blobs);
  }
}

/** An output. If it is nothing but an input with the same columns, it is that table; other inputs are copied by columns. */
class OutputTable implements TableWriter<object> {
  readonly #schema: string;
  readonly #writer: OpenTableWriter;
  #isWritten = false;
  #handedOver: InputTable | undefined;

  constructor(schema: TableSchema, writer: OpenTableWriter) {
    this.#schema = canonicalJson(schema);
    this.#writer = writer;
  }

  async write(rows: Iterable<object> | AsyncIterable<object>): Promise<void> {
    const isFirst = !this.#isWritten;
    this.#isWritten = true;
    if (isFirst && rows instanceof InputTable && canonicalJson(rows.dataset.schema) === this.#schema) {
      this.#handedOver = rows;
      return;
    }
    const before = this.#handedOver;
    this.#handedOver = undefined;
    if (before) await this.#writer.write(before.batches());
    await this.#writer.write(rows instanceof InputTable ? rows.batches() : rows);
  }

  async finish(blobs: OperationContext['blobs']): Promise<TableDataset> {
    return this.#handedOver?.dataset ?? (await this.#writer.finish(blobs));
  }
}
