import { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import type { TableDataset } from '../../data/dataset.ts';
import { readColumns } from '../../data/table-reader.ts';
import { formatCount } from '../../kernel/units.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { type CandidateRows, findLearnedRows, type LearnedFrom } from '../../training/learned.ts';
import { subsets } from '../../training/split.ts';
import { contentHashes, learnedFrom, readLearned } from '../version/learned-table.ts';
import { periodsOf } from '../rows/period-rows.ts';
import { readSubsetColumns, type SubsetColumns, writeSubsets } from '../rows/subsets-table.ts';
import { inputTable } from '../../pipeline/inputs.ts';

/**
 * Leaves out the test rows that another version learned from; in: `rows`, `subsets`, `learned` of the other version;
 * out: `subsets`. The gate runs it; no declaration plans it.
 */
export const compare = taskOperation({
  name: 'compare',
  description: 'Finds the test rows that neither the new nor the live version learned from.',
  declared: models,
  inputs: { rows: 'table', subsets: 'table', learned: 'table' },
  outputs: { subsets: { kind: 'table' } },
  params: z.object({
    learned: learnedFrom,
    /** Whether the other version was fitted again for each earlier period. If not, only the last period is compared. */
    refitted: z.boolean(),
  }),
  facts: z.object({
    /** Number of remaining and of left-out test rows. */
    rows: z.number(),
    leftOut: z.number(),
    /** Why the rows to leave out are unknown; null if they are known. */
    unknown: z.string().nullable(),
  }),
  process: 'own',
  plan: async () => undefined,
  async run(context) {
    const { learned, refitted } = context.params;
    const rows = await inputTable(context, 'rows');
    const given = await inputTable(context, 'subsets');
    const table = await inputTable(context, 'learned');
    const whole = await readSubsetColumns(given, context.blobs);
    const split = refitted ? whole : lastPeriodOf(whole);
    const found = findLearnedRows(
      { ...learned, ...(await readLearned(table, context.blobs)) },
      { subsets: split.subset, ...(await columnsOf(rows, learned, context.blobs)) },
    );
    const tests = Array.from(split.period, (period) => period > 0).filter(Boolean).length;
    if (found.kind === 'unknown')
      return { outputs: { subsets: given }, facts: { rows: tests, leftOut: 0, unknown: found.reason } };
    const last = periodsOf(split);
    // Fits of earlier periods learned only from rows before them.
    const isOut = Array.from(
      split.period,
      (period, row) => period > 0 && period === last && found.isLearned[row] === 1,
    );
    const leftOut = isOut.filter(Boolean).length;
    const subset = Array.from(split.subset, (number, row) => (isOut[row] ? subsets.none : number));
    const period = Array.from(split.period, (number, row) => (isOut[row] ? 0 : number));
    const isWhole = leftOut === 0 && split === whole;
    return {
      outputs: { subsets: isWhole ? given : await writeSubsets({ ...split, subset, period }, context) },
      facts: { rows: tests - leftOut, leftOut, unknown: null },
    };
  },
  summary: ({ rows, leftOut }) => `${formatCount(rows)} rows to compare on, ${formatCount(leftOut)} left out`,
});

/** The same split with its last period as the only one. */
function lastPeriodOf(split: SubsetColumns): SubsetColumns {
  const last = periodsOf(split);
  if (last === 1) return split;
  return {
    ...split,
    period: Array.from(split.period, (period) => Number(period === last)),
    trainsFrom: Array.from(split.trainsFrom, (first) => (first <= last ? 1 : 2)),
  };
}

/** The identifying columns that the rows still have. */
async function columnsOf(
  rows: TableDataset,
  { group, by, columns }: LearnedFrom,
  blobs: BlobStore,
): Promise<Omit<CandidateRows, 'subsets'>> {
  const has = (name: string | undefined | null): name is string =>
    rows.schema.columns.some((column) => column.name === name);
  const read = await readColumns(rows, blobs, [...new Set([group, by?.column].filter(has))]);
  const [groups, times] = [read[group ?? ''], read[by?.column ?? '']];
  return {
    ...(groups && { group: groups }),
    ...(times && { by: times }),
    ...(columns.every(has) && { contents: await contentHashes({ rows, columns }, blobs) }),
  };
}
