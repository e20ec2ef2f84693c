import { z } from 'zod';
import { runSelect, SelectFault, type SelectInput } from '../data/sql/select.ts';
import { openTableWriter } from '../data/table-writer.ts';
import { PlatformError } from '../kernel/errors.ts';
import { limitsOf } from './declared-limits.ts';
import { sqls } from './declared-kinds.ts';
import { declaredSelect } from './declared-select.ts';
import { countOf } from './facts.ts';
import { inputTable } from './inputs.ts';
import { jsonObject } from './json-object.ts';
import { type OperationContext, taskOperation } from './operation.ts';
import { tableInputs } from './plan-tasks.ts';
import { finishTable, originFacts, rowsSchema, tableOutputs } from './table-checks.ts';

/** Runs one SELECT over its input tables. */
export const sqlStep = taskOperation({
  name: 'sql',
  description: 'Makes a table from tables with one SELECT.',
  declared: sqls,
  taskName: 'declaration',
  inputs: 'tables',
  outputs: 'declared',
  params: z.object({
    select: z.string(),
    params: jsonObject,
  }),
  facts: z.object({ rows: z.number(), simulated: z.boolean().optional() }),
  process: 'own',
  async plan(declared) {
    const { name, in: inputs, select: text, params, table } = declared;
    const tables = Object.fromEntries(Object.entries(inputs).map(([each, ref]) => [each, ref.table.schema]));
    const select = await declaredSelect(`sql ${name}`, {
      select: { text, params },
      tables,
      out: table.schema,
    });
    return {
      inputs: tableInputs(inputs),
      params: { select, params },
      ...(await tableOutputs(declared, { rows: table })),
      ...limitsOf(declared),
    };
  },
  async run(context) {
    const { spec, params, scratch } = context;
    const schema = rowsSchema(spec, 'SQL');
    await using writer = await openTableWriter({ name: spec.task, schema, scratchPath: scratch });
    const select = { text: params.select, params: params.params };
    await writer.write(runSelect(select, await inputsOf(context), schema)).catch((cause: unknown) => {
      throw cause instanceof SelectFault ? failed(spec.task, cause) : cause;
    });
    const rows = await finishTable(writer, 'rows', context);
    return { outputs: { rows }, facts: { rows: rows.rows, ...originFacts(spec.outputs) } };
  },
  summary: ({ rows }) => countOf(rows, 'row'),
});

function failed(task: string, cause: SelectFault): PlatformError {
  const remedy =
    'The SELECT failed on a value: make the query accept it, or clean the data in a step before.';
  return new PlatformError('DATA_INVALID', { field: `sql ${task}`, value: cause.message, remedy }, { cause });
}

async function inputsOf(context: OperationContext): Promise<Readonly<Record<string, SelectInput>>> {
  const inputs: Record<string, SelectInput> = {};
  for (const name of Object.keys(context.spec.inputs)) {
    const { schema, file } = await inputTable(context, name);
    inputs[name] = { schema, path: await context.blobs.localPath(file.digest) };
  }
  return inputs;
}
