import { z } from 'zod';
import type { BlobStore } from '../../data/blob-store.ts';
import type { TableDataset } from '../../data/dataset.ts';
import { readColumns } from '../../data/table-reader.ts';
import { formatCount } from '../../kernel/units.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { type CandidateRows, findLearnedRows, type LearnedFrom } from '../../training/learned.ts';
import { subsets } from '../../training/split.ts';
import { contentHashes, learnedFrom, readLearned } from '../learned-table.ts';
import { readSubsetColumns, writeSubsets } from '../subsets-table.ts';
import { asTable } from '../training-rows.ts';

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
  params: z.object({ learned: learnedFrom }),
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
    const { learned } = context.params;
    const rows = asTable(await context.input('rows'), 'rows');
    const given = asTable(await context.input('subsets'), 'subsets');
    const table = asTable(await context.input('learned'), 'learned');
    const split = await readSubsetColumns(given, context.blobs);
    const found = findLearnedRows(
      { ...learned, ...(await readLearned(table, context.blobs)) },
      { subsets: split.subset, ...(await columnsOf(rows, learned, context.blobs)) },
    );
    const isTest = Array.from(split.period, (period) => period > 0);
    const tests = isTest.filter(Boolean).length;
    if (found.kind === 'unknown')
      return { outputs: { subsets: given }, facts: { rows: tests, leftOut: 0, unknown: found.reason } };
    const isOut = isTest.map((tested, row) => tested && found.isLearned[row] === 1);
    const leftOut = isOut.filter(Boolean).length;
    const subset = Array.from(split.subset, (number, row) => (isOut[row] ? subsets.none : number));
    const period = Array.from(split.period, (number, row) => (isOut[row] ? 0 : number));
    return {
      outputs: { subsets: leftOut === 0 ? given : await writeSubsets({ ...split, subset, period }, context) },
      facts: { rows: tests - leftOut, leftOut, unknown: null },
    };
  },
  summary: ({ rows, leftOut }) => `${formatCount(rows)} rows to compare on, ${formatCount(leftOut)} left out`,
});

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
    ...(columns.every(has) && { contents: await contentHashes(rows, columns, blobs) }),
  };
}
