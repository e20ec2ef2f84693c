import { z } from 'zod';
import { lookupDefinition } from '../../features/lookup.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { countOf } from '../../pipeline/facts.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import type { FeatureCode } from '../features/feature-code.ts';
import { sampleRows, traceFeatures } from '../features/feature-trace.ts';
import { lookupDefinitions, openTaskLookups, viewInputs } from '../features/lookups.ts';
import { MatrixWriter } from '../features/matrix-writer.ts';
import {
  formatRefused,
  refusedFacts,
  RefusedRequests,
  refusedSummary,
  refusedWarning,
} from '../features/refused-requests.ts';
import { warningTags } from '../recording/run-warnings.ts';
import { requestBatches } from '../features/request-batches.ts';
import { versionCode } from '../version/version-code.ts';
import { inputTable } from '../../pipeline/inputs.ts';

/**
 * Computes the features of training rows, with the code and the lookups that serve requests; in: `rows` and the tables of views;
 * out: `matrix`, `origins`, what each feature is computed from, and `refused`, the rows that the request schema refuses: they
 * have no features and are set aside.
 */
export const features = taskOperation({
  name: 'features',
  description: 'Turns every row into numbers.',
  declared: models,
  inputs: { rows: 'table', 'view-*': 'table?' },
  outputs: { matrix: { kind: 'table' }, origins: { kind: 'value' }, refused: { kind: 'value' } },
  params: z.object({ lookups: z.array(lookupDefinition) }),
  facts: z.object({
    rows: z.number(),
    features: z.array(z.string()),
    /** Rows that are set aside. @default none */
    refused: refusedFacts.exactOptional(),
  }),
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
    await using writer = new MatrixWriter(context);
    const sample = sampleRows(rows.rows);
    const refused = new RefusedRequests(rows.rows);
    let done = 0;
    for await (const batch of requestBatches(rows, code.request, context)) {
      for (let at = 0; at < batch.rows; at++) {
        const request = refused.requestAt(batch, at, done);
        let written: Promise<void> | undefined;
        if (request === undefined) written = writer.addMissing();
        else {
          const found = lookups.definitions.length > 0 ? batch.lookUp(lookups, at, request) : {};
          sample.add(done, { request: request as Readonly<Record<string, unknown>>, lookups: found });
          const values: unknown = code.features(request, found);
          try {
            written = writer.add(values);
          } catch (error) {
            throw withRow(error, done);
          }
        }
        done += 1;
        if (done % 20_000 === 0) context.emit({ type: 'progress', done, total: rows.rows, what: 'rows' });
        if (written) await written;
      }
    }
    const finished = await writer.finish(context.blobs);
    if (!finished)
      throw new PlatformError('DATA_INVALID', {
        field: 'rows',
        value: 0,
        remedy: 'There are no rows to learn from: check the output of the step before.',
      });
    return {
      outputs: {
        matrix: finished.matrix,
        origins: {
          kind: 'value',
          value: { fields: Object.keys(code.request.shape), features: traceFeatures(sample.rows, code) },
        },
        refused: { kind: 'value', value: { rows: refused.rows } },
      },
      facts: { rows: done, features: [...finished.names], ...refused.facts() },
    };
  },
  summary: ({ features: names, refused }) =>
    [countOf(names.length, 'feature'), ...(refused ? [refusedSummary(refused)] : [])].join(', '),
  notes: ({ refused }) => (refused ? formatRefused(refused) : []),
  records: ({ refused }) => ({
    inputs: { 'view-*': 'lookup' },
    ...(refused && { tags: { [warningTags.features]: refusedWarning(refused) } }),
  }),
});

/** Names the row whose features are refused. */
function withRow(error: unknown, row: number): unknown {
  if (!(error instanceof PlatformError)) return error;
  const { field, ...detail } = error.detail;
  return new PlatformError(error.code, { ...detail, field: `row ${row + 1}, ${field}` }, { cause: error });
}
