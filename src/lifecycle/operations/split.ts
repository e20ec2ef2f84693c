import { z } from 'zod';
import { type ColumnValues, readColumns } from '../../data/table-reader.ts';
import { openTableWriter } from '../../data/table-writer.ts';
import { formatCount } from '../../kernel/units.ts';
import type { Split } from '../../project/split.ts';
import type { Column } from '../../project/table.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { subsets, splitRows } from '../../training/split.ts';
import { asTable } from '../training-rows.ts';
import type { TrainedOn } from '../version-folder.ts';

const trainedOn = z.object({
  rows: z.number(),
  groups: z.number().nullable(),
  from: z.string().nullable(),
  to: z.string().nullable(),
});

/**
 * Assigns each row to a subset; in: `rows`; out: `subsets`, a table of as many rows in the same order with `subset`, `group` (rows
 * with the same number belong together) and `order` (in time).
 */
export const split = taskOperation({
  name: 'split',
  description: 'Divides the rows into those that train and those that test.',
  declared: models,
  inputs: { rows: 'table' },
  outputs: { subsets: { kind: 'table' } },
  params: z.object({ split: z.custom<Split>((value) => typeof value === 'object' && value !== null) }),
  facts: z.object({
    train: z.number(),
    test: z.number(),
    group: z.string().optional(),
    /** How many groups train, and how many test. */
    groups: z.tuple([z.number(), z.number()]).optional(),
    trainedOn,
  }),
  process: 'own',
  async plan(model) {
    return { inputs: { rows: tableInput(model.rows) }, params: { split: { ...model.split } } };
  },
  async run(context) {
    const rows = asTable(await context.input('rows'), 'rows');
    const { split: spec } = context.params;
    const columns = await readColumns(
      rows,
      context.blobs,
      [...new Set([spec.by, spec.group])].filter((name) => name !== undefined),
    );
    const by = spec.by === undefined ? undefined : columns[spec.by];
    const group = spec.group === undefined ? undefined : columns[spec.group];
    const made = splitRows({ rows: rows.rows, ...(by && { by }), ...(group && { group }) }, spec);
    await using writer = await openTableWriter<{ subset: number; group: number; order: number }>({
      name: 'subsets',
      schema: {
        columns: [
          whole('subset', subsets.test),
          whole('group'),
          { name: 'order', type: 'number', nullable: false },
        ],
      },
      scratchPath: context.scratch,
    });
    for (const [row, subset] of made.subsets.entries())
      writer.add({ subset, group: made.group[row] ?? 0, order: made.order[row] ?? 0 });
    const { train, validation, test } = made.counts;
    return {
      outputs: { subsets: await writer.finish(context.blobs) },
      facts: {
        train: train.rows + validation.rows,
        test: test.rows,
        ...(spec.group !== undefined && {
          group: spec.group,
          groups: [train.groups + validation.groups, test.groups] satisfies [number, number],
        }),
        trainedOn: {
          rows: train.rows + validation.rows,
          groups: group ? train.groups + validation.groups : null,
          ...reach(by, made.subsets),
        },
      },
    };
  },
  summary({ train, test, group, groups }) {
    const grouped = groups
      ? ` (${formatCount(groups[0])} and ${formatCount(groups[1])} by ${group ?? 'group'})`
      : '';
    return `${formatCount(train)} rows to learn, ${formatCount(test)} to test${grouped}`;
  },
});

function whole(name: string, maximum?: number): Column {
  return { name, type: 'integer', nullable: false, minimum: 0, ...(maximum !== undefined && { maximum }) };
}

/** The first and the last value of the order among the rows that are learned from. */
function reach(by: ColumnValues | undefined, subsetOfRow: Int8Array): Pick<TrainedOn, 'from' | 'to'> {
  let from: string | number | undefined;
  let to: string | number | undefined;
  for (const [row, subset] of subsetOfRow.entries()) {
    const value = by?.[row];
    if (subset === subsets.test || value === undefined || value === null) continue;
    if (from === undefined || value < from) from = value;
    if (to === undefined || value > to) to = value;
  }
  return { from: from === undefined ? null : String(from), to: to === undefined ? null : String(to) };
}
