import { z } from 'zod';
import { readRows } from '../../data/table-reader.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { measurement } from '../../pipeline/facts.ts';
import { type OperationContext, taskOperation } from '../../pipeline/operation.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { formatError, metricTitle } from '../../registry/format-metric.ts';
import { standardErrors } from '../../training/standard-error.ts';
import { loadMeasures, measuringParams } from '../measure/evaluation.ts';
import { measuring } from '../measure/measure-test.ts';
import { readScored, type ScoredTest } from '../rows/scored-table.ts';
import { inputTable } from '../../pipeline/inputs.ts';

/**
 * Measures how exactly the difference of two versions on the same rows is known; in: `rows`, and `candidate` and `champion`
 * as `evaluate` scored them. The gate runs it; no declaration plans it.
 */
export const difference = taskOperation({
  name: 'difference',
  description: 'Measures how exactly the difference between the new and the live version is known.',
  declared: models,
  inputs: { rows: 'table', candidate: 'table', champion: 'table' },
  outputs: {},
  params: z.object(measuringParams),
  facts: z.object({
    metric: z.string(),
    /** NaN if there are too few groups or times to tell. */
    standardError: measurement,
  }),
  process: 'own',
  plan: async () => undefined,
  async run(context) {
    const { target, metrics, when } = context.params;
    const read = async (input: string): Promise<ScoredTest> =>
      readScored(await inputTable(context, input), { target, baselines: [] }, context.blobs);
    const [candidate, champion] = [await read('candidate'), await read('champion')];
    checkSameRows(candidate, champion);
    const measures = await loadMeasures(context, context.params.measures);
    const rows = measures.length > 0 ? await rowsOf(context, candidate.row) : [];
    const measure = measuring({ target, metrics, measures, rows });
    const errors = standardErrors(candidate.cluster, (drawn, times) => {
      const figure = ({ version }: ScoredTest): number =>
        measure(version, { rows: drawn, times, names: [when] })[when] ?? Number.NaN;
      return { difference: figure(candidate) - figure(champion) };
    });
    return { outputs: {}, facts: { metric: when, standardError: errors['difference'] ?? Number.NaN } };
  },
  summary: ({ metric, standardError }) => `${metricTitle(metric)}${formatError(standardError)}`,
});

/** @throws PlatformError INTERNAL if they were measured on other rows */
function checkSameRows(one: ScoredTest, other: ScoredTest): void {
  if (one.row.length === other.row.length && one.row.every((row, at) => row === other.row[at])) return;
  throw new PlatformError('INTERNAL', {
    field: 'test rows of the live version',
    value: other.row.length,
    remedy: `Both versions must be measured on the same ${one.row.length} rows.`,
  });
}

async function rowsOf(context: OperationContext, indexes: Float64Array): Promise<readonly object[]> {
  const tested = new Set(indexes);
  const rows: object[] = [];
  let number = 0;
  for await (const row of readRows<object>(await inputTable(context, 'rows'), context.blobs)) {
    if (tested.has(number)) rows.push(row);
    number += 1;
  }
  return rows;
}
