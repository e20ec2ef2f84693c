import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { type ColumnValues, readColumns } from '../../data/table-reader.ts';
import { digestOfJson } from '../../kernel/digest.ts';
import { formatCount } from '../../kernel/units.ts';
import type { Split } from '../../project/models/split.ts';
import { countOf } from '../../pipeline/facts.ts';
import { models } from '../../pipeline/declared-kinds.ts';
import { type OperationContext, taskOperation } from '../../pipeline/operation.ts';
import { tableInput } from '../../pipeline/plan-tasks.ts';
import { rowKey } from '../../project/tables/row-key.ts';
import type { TestedRows } from '../../registry/gate.ts';
import type { LearnedFrom } from '../../training/learned.ts';
import { subsets, splitRows } from '../../training/split.ts';
import { contentHashes, learnedFrom, orderValue, writeLearned } from '../version/learned-table.ts';
import { writeSubsets } from '../rows/subsets-table.ts';
import { trainedOn } from '../version/version-manifest.ts';
import { inputTable } from '../../pipeline/inputs.ts';
import { readRefused } from '../features/refused-requests.ts';
import { features } from './features.ts';

const testedRows: z.ZodType<TestedRows> = z.discriminatedUnion('by', [
  z.object({ by: z.literal('time'), column: z.string(), from: orderValue, to: orderValue }),
  z.object({ by: z.literal('group'), column: z.string() }),
  z.object({ by: z.literal('row') }),
]);

/** A split as a param: `defineProject` has checked it. */
export const splitRule: z.ZodType<Split> = z.custom<Split>(
  (value) => typeof value === 'object' && value !== null,
);

/**
 * Assigns each row to a subset; in: `rows`, and `refused`, those that are set aside; out: `subsets`, a table with as many rows in the same order and columns `subset`,
 * `group` (rows with the same number belong together) and `order` (in time), and `learned`, hashes of the training and
 * validation rows.
 */
export const split = taskOperation({
  name: 'split',
  description: 'Divides the rows into those that train and those that test.',
  declared: models,
  inputs: { rows: 'table', refused: 'value?' },
  outputs: { subsets: { kind: 'table' }, learned: { kind: 'table' } },
  params: z.object({
    target: z.string(),
    split: splitRule,
    /** The columns that identify an independent row. @default its values do */
    key: z.array(z.string()).exactOptional(),
  }),
  facts: z.object({
    train: z.number(),
    test: z.number(),
    /** Rows that are set aside because their target is missing. */
    withoutTarget: z.number(),
    group: z.string().optional(),
    /** Facts of earlier releases lack it. */
    seed: z.number().optional(),
    /** The numbers of training and of test groups. */
    groups: z.tuple([z.number(), z.number()]).optional(),
    /** Rows that train nothing because they are too close to the test. */
    inGap: z.number(),
    /** The periods that test, with a fit for each; one for a plain split. */
    periods: z.array(z.string()),
    trainedOn,
    learnedFrom,
    /** How the test rows were chosen. Facts of earlier releases lack it. */
    tested: testedRows.exactOptional(),
    /** A digest of the rule, by which the next split knows whether its test moves forward. */
    rule: z.string().exactOptional(),
    /** The columns that drew independent rows. */
    drawnBy: z.array(z.string()).exactOptional(),
  }),
  process: 'own',
  async plan(model, planning) {
    const key = model.split.rows === 'independent' ? rowKey(model.rows) : undefined;
    return {
      inputs: { rows: tableInput(model.rows), refused: planning.from(features, 'refused') },
      params: { target: model.target, split: { ...model.split }, ...(key && { key: [...key] }) },
      // Rows that arrive late and columns that are added move no row that an earlier version learned from into the test.
      ...(looksBack(model.split) && { last: { [before]: `${model.name}.split` } }),
    };
  },
  async run(context) {
    const rows = await inputTable(context, 'rows');
    const { target, split: spec, key } = context.params;
    const names = [spec.by, spec.group, target].filter((name) => name !== undefined);
    const columns = await readColumns(rows, context.blobs, [...new Set(names)]);
    const by = spec.by === undefined ? undefined : columns[spec.by];
    const group = spec.group === undefined ? undefined : columns[spec.group];
    const labels = columns[target];
    const allColumns = rows.schema.columns.map(({ name }) => name).toSorted();
    const earlier = lastSplit(context);
    const drawnBy =
      spec.rows === 'independent' ? (key ?? drawingColumns(allColumns, earlier?.drawnBy)) : undefined;
    const independent = drawnBy && (await contentHashes({ rows, columns: drawnBy }, context.blobs));
    const splitResult = splitRows(
      {
        rows: rows.rows,
        ...(by && { by }),
        ...(group && { group }),
        ...(labels && { target: labels }),
        refused: await readRefused(context),
        ...(independent && { content: independent }),
      },
      spec,
      earlier?.tested?.from,
    );
    const { train, validation, test } = splitResult.counts;
    const { from, to } = reach(by, (row) => isLearned(splitResult.subsets[row]));
    const { names: periods, period } = splitResult.periods;
    const tests = reach(by, (row) => (period[row] ?? 0) > 0);
    const lastTests = reach(by, (row) => period[row] === periods.length);
    const learned: LearnedFrom = {
      group: spec.group ?? null,
      by:
        spec.by === undefined || to === undefined
          ? null
          : { column: spec.by, to, ...(lastTests.from !== undefined && { testsFrom: lastTests.from }) },
      // A row with a key stays the same row whatever is corrected in it.
      columns: key ?? allColumns.filter((name) => name !== spec.group),
    };
    return {
      outputs: {
        subsets: await writeSubsets({ ...splitResult.periods, subset: splitResult.subsets }, context),
        learned: await writeLearned(
          {
            rows,
            subsets: splitResult.subsets,
            group,
            columns: learned.columns,
            // Equal columns have equal hashes.
            contents: drawnBy && isDeepStrictEqual(drawnBy, learned.columns) ? independent : undefined,
          },
          context,
        ),
      },
      facts: {
        train: train.rows + validation.rows,
        test: test.rows,
        withoutTarget: withoutTarget(labels),
        inGap: splitResult.inGap,
        periods: [...periods],
        seed: spec.seed ?? 0,
        ...(spec.group !== undefined && {
          group: spec.group,
          groups: [train.groups + validation.groups, test.groups] satisfies [number, number],
        }),
        trainedOn: {
          rows: train.rows + validation.rows,
          groups: group ? train.groups + validation.groups : null,
          from: from === undefined ? null : String(from),
          to: to === undefined ? null : String(to),
        },
        learnedFrom: learned,
        ...testedOn(spec, tests),
        rule: ruleOf(spec),
        ...(drawnBy && { drawnBy: [...drawnBy] }),
      },
    };
  },
  summary({ train, test, withoutTarget, group, groups, inGap, periods }) {
    const grouped = groups
      ? ` (${formatCount(groups[0])} and ${formatCount(groups[1])} by ${group ?? 'group'})`
      : '';
    const aside = withoutTarget > 0 ? `, ${countOf(withoutTarget, 'row')} without a target set aside` : '';
    const close = inGap > 0 ? `, ${countOf(inGap, 'row')} too close to the test left out` : '';
    const walked = periods.length > 1 ? ` in ${countOf(periods.length, 'period')}` : '';
    return `${formatCount(train)} rows to learn, ${formatCount(test)} to test${walked}${grouped}${close}${aside}`;
  },
  records: ({ seed }) => (seed === undefined ? {} : { params: { 'split.seed': seed } }),
});

/** The name of the last result of the same split in `spec.last`. */
const before = 'before';

/** Whether the same rule over more rows depends on where the rows were before. */
function looksBack({ by, test, rows }: Split): boolean {
  return rows === 'independent' || (by !== undefined && typeof test === 'number');
}

const lastFacts = z.object({
  rule: z.string(),
  tested: z.object({ from: orderValue.optional() }).optional(),
  drawnBy: z.array(z.string()).optional(),
});

/** What the same rule found in earlier rows; undefined without one. */
function lastSplit({
  spec,
  params,
}: Pick<OperationContext<SplitParams>, 'spec' | 'params'>): z.infer<typeof lastFacts> | undefined {
  const last = lastFacts.safeParse(spec.last?.[before]?.facts).data;
  return last?.rule === ruleOf(params.split) ? last : undefined;
}

/** Another rule may test other rows. */
function ruleOf({ by, group, rows, seed, test }: Split): string {
  return digestOfJson([by ?? null, group ?? null, rows ?? null, seed ?? 0, test]);
}

/** The columns whose values draw independent rows: those of before, so that a new column moves no row. */
function drawingColumns(all: readonly string[], earlier: readonly string[] = []): readonly string[] {
  return earlier.length > 0 && earlier.every((name) => all.includes(name)) ? earlier : all;
}

interface SplitParams {
  readonly target: string;
  readonly split: Split;
  readonly key?: string[];
}

function withoutTarget(target: ColumnValues | undefined): number {
  if (!target) return 0;
  return Array.from<string | number | null>(target).filter((value) => value === null || Number.isNaN(value))
    .length;
}

interface Reach {
  readonly from: string | number | undefined;
  readonly to: string | number | undefined;
}

function isLearned(subset: number | undefined): boolean {
  return subset === subsets.train || subset === subsets.validation;
}

function testedOn({ by, group }: Split, { from, to }: Reach): { readonly tested?: TestedRows } {
  if (by !== undefined)
    return from === undefined || to === undefined ? {} : { tested: { by: 'time', column: by, from, to } };
  return { tested: group === undefined ? { by: 'row' } : { by: 'group', column: group } };
}

/** The first and the last value of the order among some rows. */
function reach(by: ColumnValues | undefined, includes: (row: number) => boolean): Reach {
  let from: string | number | undefined;
  let to: string | number | undefined;
  for (const [row, value] of (by ?? []).entries()) {
    if (value === null || !includes(row)) continue;
    if (from === undefined || value < from) from = value;
    if (to === undefined || value > to) to = value;
  }
  return { from, to };
}
