import { z } from 'zod';
import { openTableWriter, type OpenTableWriter } from '../../data/table-writer.ts';
import { readRows } from '../../data/table-reader.ts';
import { lookupDefinition } from '../../features/lookup.ts';
import { openClosers } from '../../kernel/closers.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { countOf } from '../../pipeline/facts.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import type { Features } from '../../project/models/model.ts';
import type { Column } from '../../project/tables/table.ts';
import { type FeatureCode, featuresOf, vectorOf } from '../feature-code.ts';
import { sampleRows, traceFeatures } from '../feature-trace.ts';
import { lookUpRow, lookupDefinitions, openTaskLookups, viewInputs } from '../lookups.ts';
import { requestOf } from '../request-of.ts';
import { versionCode } from '../version-code.ts';
import { inputTable } from '../../pipeline/inputs.ts';

/**
 * Computes the features of training rows, with the code and the lookups that serve requests; in: `rows` and the tables of views;
 * out: `matrix`, and `origins`, what each feature is computed from.
 */
export const features = taskOperation({
  name: 'features',
  description: 'Turns every row into numbers.',
  declared: models,
  inputs: { rows: 'table', 'view-*': 'table?' },
  outputs: { matrix: { kind: 'table' }, origins: { kind: 'value' } },
  params: z.object({ lookups: z.array(lookupDefinition) }),
  facts: z.object({ rows: z.number(), features: z.array(z.string()) }),
  process: 'own',
  async plan(model, planning) {
    const { request, features } = await versionCode(model, planning);
    return {
      inputs: { rows: tableInput(model.rows), ...viewInputs(model) },
      code: { request, features },
      params: { lookups: lookupDefinitions(model) },
    };
  },
  async run(context) {
    const rows = await inputTable(context, 'rows');
    const code: FeatureCode = {
      request: await context.code('request'),
      features: await context.code('features'),
    };
    const lookups = await openTaskLookups(context.params.lookups, context);
    await using closers = openClosers();
    let writer: OpenTableWriter<Readonly<Record<string, number | null>>> | undefined;
    let names: readonly string[] = [];
    const sample = sampleRows(rows.rows);
    let done = 0;
    for await (const row of readRows<Readonly<Record<string, unknown>>>(rows, context.blobs)) {
      const request = requestOf(row, code.request, done);
      const found = lookUpRow(lookups, { row, number: done, request });
      sample.add(done, { request: request as Readonly<Record<string, unknown>>, lookups: found });
      const values = featuresOf(code, request, found);
      if (!writer) {
        names = Object.keys(values).toSorted();
        const schema = { columns: names.map(numberColumn) };
        writer = closers.add(await openTableWriter({ name: 'matrix', schema, scratchPath: context.scratch }));
      }
      vectorOf(values, names);
      writer.add(stored(values));
      done += 1;
      if (done % 20_000 === 0) context.emit({ type: 'progress', done, total: rows.rows, what: 'rows' });
    }
    if (!writer)
      throw new PlatformError('DATA_INVALID', {
        field: 'rows',
        value: 0,
        remedy: 'There are no rows to learn from: check the output of the step before.',
      });
    return {
      outputs: {
        matrix: await writer.finish(context.blobs),
        origins: {
          kind: 'value',
          value: { fields: Object.keys(code.request.shape), features: traceFeatures(sample.rows, code) },
        },
      },
      facts: { rows: done, features: [...names] },
    };
  },
  summary: ({ features: names }) => countOf(names.length, 'feature'),
  records: () => ({ inputs: { 'view-*': 'lookup' } }),
});

function numberColumn(name: string): Column {
  return { name, type: 'number', nullable: true };
}

/** Parquet stores a missing value as null. */
function stored(values: Features): Readonly<Record<string, number | null>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, Number.isNaN(value) ? null : value]),
  );
}
