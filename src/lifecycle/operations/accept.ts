import { z } from 'zod';
import { readColumns, readRows } from '../../data/table-reader.ts';
import { lookupDefinition } from '../../features/lookup.ts';
import { openClosers } from '../../kernel/closers.ts';
import { formatCause } from '../../kernel/errors.ts';
import { countOf } from '../../pipeline/facts.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { inputFiles, inputTable } from '../../pipeline/inputs.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { subsets } from '../../training/subsets.ts';
import { vectorOf } from '../features/feature-code.ts';
import { lookUpRow, openTaskLookups } from '../features/lookups.ts';
import { testsOf } from '../rows/period-rows.ts';
import { requestOf } from '../features/request-of.ts';
import { readSubsetColumns, writeSubsets } from '../rows/subsets-table.ts';
import { versionCodeSchema } from '../version/version-code.ts';
import { openVersionPredictor } from '../version/version-predictor.ts';

/**
 * Leaves out the test rows that a version cannot predict, such as those of a category that its request schema does not know; in:
 * `rows`, `subsets`, `model` of the version and its views; out: `subsets`. The gate runs it; no declaration plans it.
 */
export const accept = taskOperation({
  name: 'accept',
  description: 'Finds the test rows that the live version can predict.',
  declared: models,
  inputs: { rows: 'table', subsets: 'table', model: 'files', 'view-*': 'table?' },
  outputs: { subsets: { kind: 'table' } },
  params: z.object({
    lookups: z.array(lookupDefinition),
    /** The column of the target; null if the version knows every class. */
    column: z.string().nullable(),
  }),
  facts: z.object({
    /** Number of remaining and of refused test rows. */
    rows: z.number(),
    refused: z.number(),
    /** Why the first one is refused; null if none is. */
    reason: z.string().nullable(),
  }),
  process: 'own',
  plan: async () => undefined,
  async run(context) {
    const { blobs, params } = context;
    const rows = await inputTable(context, 'rows');
    const given = await inputTable(context, 'subsets');
    const split = await readSubsetColumns(given, blobs);
    const lookups = await openTaskLookups(params.lookups, context);
    await using closers = openClosers();
    const predictor = await openVersionPredictor({
      code: versionCodeSchema.parse(context.spec.code),
      load: (name) => context.code(name),
      folder: await inputFiles(context, 'model'),
      blobs,
      context: { ...(context.python && { python: context.python }) },
    });
    closers.defer(async () => predictor.close?.());
    const refused = new Set<number>();
    let reason: string | null = null;
    const refuse = (row: number, why: string): void => {
      refused.add(row);
      reason ??= why;
    };
    if (params.column !== null && predictor.target.kind === 'class') {
      const { classes } = predictor.target;
      const labels = (await readColumns(rows, blobs, [params.column]))[params.column] ?? [];
      for (const row of testsOf(split)) {
        const label = String(labels[row]);
        if (!classes.includes(label)) refuse(row, `it does not know the class ${JSON.stringify(label)}`);
      }
    }
    let number = 0;
    for await (const row of readRows<Readonly<Record<string, unknown>>>(rows, blobs)) {
      if ((split.period[number] as number) > 0 && !refused.has(number))
        try {
          const request = requestOf(row, predictor.requestSchema, number);
          const values = predictor.featuresOf({
            request,
            lookups: lookUpRow(lookups, { row, number, request }),
          });
          vectorOf(values, predictor.features);
        } catch (cause) {
          refuse(number, formatCause(cause));
        }
      number += 1;
    }
    const tests = testsOf(split).length;
    const facts = { rows: tests - refused.size, refused: refused.size, reason };
    if (refused.size === 0) return { outputs: { subsets: given }, facts };
    const subset = Array.from(split.subset, (code, row) => (refused.has(row) ? subsets.none : code));
    const period = Array.from(split.period, (code, row) => (refused.has(row) ? 0 : code));
    return { outputs: { subsets: await writeSubsets({ ...split, subset, period }, context) }, facts };
  },
  summary: ({ rows, refused }) => `${countOf(rows, 'row')} accepted, ${countOf(refused, 'row')} refused`,
});
