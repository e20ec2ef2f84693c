import { z } from 'zod';
import { openTableWriter } from '../data/table-writer.ts';
import { readRows } from '../data/table-reader.ts';
import { PlatformError } from '../kernel/errors.ts';
import type { JsonObject } from '../kernel/json.ts';
import { folds } from './declared-kinds.ts';
import { limitsOf } from './declared-limits.ts';
import { countOf } from './facts.ts';
import { foldRows, type NextState } from './fold-rows.ts';
import { inputTable } from './inputs.ts';
import { jsonObject } from './json-object.ts';
import { taskOperation } from './operation.ts';
import { tableInput } from './plan-tasks.ts';
import { finishTable, originFacts, rowsSchema, tableOutputs } from './table-checks.ts';

/** Writes the state of each key after each of its rows. */
export const foldStep = taskOperation({
  name: 'fold',
  description: 'Follows the state of each key over its rows, in order of time.',
  declared: folds,
  taskName: 'declaration',
  inputs: { rows: 'table' },
  outputs: 'declared',
  params: z.object({
    key: z.string(),
    at: z.string(),
    start: jsonObject,
  }),
  facts: z.object({ rows: z.number(), keys: z.number(), simulated: z.boolean().optional() }),
  process: 'own',
  async plan(fold, { bundle }) {
    return {
      inputs: { rows: tableInput(fold.in) },
      code: { next: await bundle(fold.next, `folds.${fold.name}.next`) },
      params: { key: fold.key, at: fold.at, start: fold.start as JsonObject },
      ...(await tableOutputs(fold, { rows: fold.table })),
      ...limitsOf(fold),
    };
  },
  async run(context) {
    const { spec, params, scratch, blobs } = context;
    const schema = rowsSchema(spec, 'A fold');
    const next = await context.code<NextState>('next');
    const dataset = await inputTable(context, 'rows');
    await using writer = await openTableWriter({ name: spec.task, schema, scratchPath: scratch });
    const { rows, keys } = foldRows(readRows(dataset, blobs, { orderBy: params.at }), params, next);
    await writer.write(rows).catch((error: unknown) => {
      const refused = writer.refused[0]?.values;
      throw refused
        ? afterRow(error, { [params.key]: refused[params.key], [params.at]: refused[params.at] })
        : error;
    });
    const written = await finishTable(writer, 'rows', context);
    return {
      outputs: { rows: written },
      facts: { rows: written.rows, keys: keys(), ...originFacts(spec.outputs) },
    };
  },
  summary: ({ rows, keys }) => `${countOf(rows, 'row')}, ${countOf(keys, 'key')}`,
});

/** A refused state is of a key and a time, which people can look up. */
function afterRow(error: unknown, state: object): unknown {
  if (!(error instanceof PlatformError) || error.code !== 'DATA_INVALID') return error;
  const { field, ...detail } = error.detail;
  return new PlatformError(
    error.code,
    { ...detail, field: `${field}, after ${JSON.stringify(state)}` },
    { cause: error },
  );
}
