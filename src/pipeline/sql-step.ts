import { z } from 'zod';
import { describeSelect, runSelect, SelectFault, type SelectInput } from '../data/sql/select.ts';
import { openTableWriter } from '../data/table-writer.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Sql } from '../project/sql.ts';
import { limitsOf } from './declared-limits.ts';
import { sqls } from './declared-kinds.ts';
import { DeclarationFault } from './declaration-fault.ts';
import { countOf } from './facts.ts';
import { inputTable } from './inputs.ts';
import { type OperationContext, taskOperation } from './operation.ts';
import { tableInput } from './plan-tasks.ts';
import { finishTable, originFacts, tableOutputs } from './table-checks.ts';

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
    params: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null),
  }),
  facts: z.object({ rows: z.number(), simulated: z.boolean().optional() }),
  process: 'own',
  async plan(declared) {
    return {
      inputs: Object.fromEntries(Object.entries(declared.in).map(([name, ref]) => [name, tableInput(ref)])),
      params: { select: await describe(declared), params: declared.params },
      ...(await tableOutputs(declared, { rows: declared.table })),
      ...limitsOf(declared),
    };
  },
  async run(context) {
    const { spec, params, scratch } = context;
    const output = spec.outputs['rows'];
    if (output?.kind !== 'table' || !output.schema)
      throw new PlatformError('INTERNAL', {
        field: spec.task,
        value: output,
        remedy: 'SQL must write a table.',
      });
    const { schema } = output;
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

/** @returns the SELECT in one style. @throws DeclarationFault */
async function describe({ name, in: inputs, params, select, table }: Sql): Promise<string> {
  const tables = Object.fromEntries(Object.entries(inputs).map(([input, ref]) => [input, ref.table.schema]));
  const { text, faults } = await describeSelect({ text: select, params }, tables, table.schema).catch(
    (cause: unknown) => {
      if (!(cause instanceof SelectFault)) throw cause;
      throw new DeclarationFault([faultText(`sql ${name}`, cause.message)], { cause });
    },
  );
  const [first, ...others] = faults.map((fault) => faultText(`sql ${name}`, fault));
  if (first !== undefined) throw new DeclarationFault([first, ...others]);
  return text;
}

/** 'sql matchups, line 1, column 8: there is no column "gamId"' */
function faultText(of: string, message: string): string {
  return message.startsWith('line ') ? `${of}, ${message}` : `${of}: ${message}`;
}

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
