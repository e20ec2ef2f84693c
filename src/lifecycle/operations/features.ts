import { z } from 'zod';
import { openTableWriter, type OpenTableWriter } from '../../data/table-writer.ts';
import { lookupDefinition } from '../../features/lookup.ts';
import { openClosers } from '../../kernel/closers.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { countOf } from '../../pipeline/facts.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import type { Column } from '../../project/tables/table.ts';
import { type FeatureCode, requireFeatures } from '../features/feature-code.ts';
import { FeatureColumns } from '../features/feature-columns.ts';
import { sampleRows, traceFeatures } from '../features/feature-trace.ts';
import { lookupDefinitions, openTaskLookups, viewInputs } from '../features/lookups.ts';
import { requestBatches } from '../features/request-batches.ts';
import { versionCode } from '../version/version-code.ts';
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
    let opened: { readonly columns: FeatureColumns; readonly writer: OpenTableWriter } | undefined;
    const sample = sampleRows(rows.rows);
    let done = 0;
    for await (const batch of requestBatches(rows, code.request, context)) {
      for (let at = 0; at < batch.rows; at++) {
        const request = batch.request(at);
        const found = lookups.definitions.length > 0 ? batch.lookUp(lookups, at, request) : {};
        sample.add(done, { request: request as Readonly<Record<string, unknown>>, lookups: found });
        const values: unknown = code.features(request, found);
        if (!opened) {
          const columns = new FeatureColumns(requireFeatures(values), mostBatch);
          const schema = { columns: columns.names.map(numberColumn) };
          const writer = await openTableWriter({
            name: 'matrix',
            schema,
            scratchPath: context.scratch,
            profiled: false,
          });
          opened = { columns, writer: closers.add(writer) };
        }
        opened.columns.add(values);
        done += 1;
        if (done % 20_000 === 0) context.emit({ type: 'progress', done, total: rows.rows, what: 'rows' });
        if (opened.columns.rows === mostBatch) await opened.writer.write([opened.columns.take()]);
      }
    }
    if (!opened)
      throw new PlatformError('DATA_INVALID', {
        field: 'rows',
        value: 0,
        remedy: 'There are no rows to learn from: check the output of the step before.',
      });
    const { writer, columns } = opened;
    await writer.write([columns.take()]);
    return {
      outputs: {
        matrix: await writer.finish(context.blobs),
        origins: {
          kind: 'value',
          value: { fields: Object.keys(code.request.shape), features: traceFeatures(sample.rows, code) },
        },
      },
      facts: { rows: done, features: [...columns.names] },
    };
  },
  summary: ({ features: names }) => countOf(names.length, 'feature'),
  records: () => ({ inputs: { 'view-*': 'lookup' } }),
});

/** Rows that are written together. */
const mostBatch = 2048;

function numberColumn(name: string): Column {
  return { name, type: 'number', nullable: true };
}
