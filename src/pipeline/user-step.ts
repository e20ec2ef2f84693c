import { openTableWriter, type OpenTableWriter } from '../data/table-writer.ts';
import { readRows } from '../data/table-reader.ts';
import type { Dataset } from '../data/dataset.ts';
import { type Closers, openClosers } from '../kernel/closers.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { StepContext, Table, TableWriter } from '../project/step.ts';
import type { OperationContext, Operation } from './operation.ts';

type AnyContext = StepContext<Readonly<Record<string, object>>, Readonly<Record<string, object>>>;

/** Carries out a step of the project: gives its function tables to read and to write. */
export const userStep: Operation = async (context) => {
  const run = await context.code<(step: AnyContext) => Promise<void>>('run');
  await using closers = openClosers();
  const writers = await openWriters(context, closers);
  const inputs = Object.fromEntries(
    await Promise.all(
      Object.keys(context.spec.inputs).map(
        async (name) => [name, tableOf(await context.input(name), name, context)] as const,
      ),
    ),
  );
  await run({
    in: inputs,
    out: Object.fromEntries(Object.entries(writers).map(([name, writer]) => [name, writerOf(writer)])),
    params: context.spec.params,
    log: (line) => context.emit({ type: 'log', line }),
    progress: (done, total) =>
      context.emit({ type: 'progress', done, ...(total !== undefined && { total }) }),
  });
  const outputs: Record<string, Dataset> = {};
  const facts: Record<string, JsonObject> = {};
  for (const [name, writer] of Object.entries(writers)) {
    const dataset = await writer.finish(context.blobs);
    outputs[name] = dataset;
    facts[name] = { rows: dataset.rows };
  }
  return { outputs, facts: { tables: facts } };
};

async function openWriters(
  { spec, scratch }: OperationContext,
  closers: Closers,
): Promise<Readonly<Record<string, OpenTableWriter>>> {
  const writers: Record<string, OpenTableWriter> = {};
  for (const [name, output] of Object.entries(spec.outputs))
    if (output.kind === 'table' && output.schema)
      writers[name] = closers.add(
        await openTableWriter({ name, schema: output.schema, scratchPath: scratch }),
      );
  return writers;
}

function tableOf(dataset: Dataset, name: string, { blobs }: OperationContext): Table<object> {
  if (dataset.kind !== 'table')
    throw new PlatformError('INTERNAL', {
      field: `input ${name}`,
      value: dataset.kind,
      remedy: 'A step reads tables.',
    });
  return {
    rows: dataset.rows,
    [Symbol.asyncIterator]: () => readRows(dataset, blobs)[Symbol.asyncIterator](),
  };
}

function writerOf(writer: OpenTableWriter): TableWriter<object> {
  return { write: (rows) => writer.write(rows) };
}
