import { inputTable } from '../pipeline/inputs.ts';
import type { OperationContext } from '../pipeline/operation.ts';
import type { Split } from '../project/split.ts';
import type { TrainingRows, TrainingSubsets } from '../project/trainer.ts';
import { selectRows } from '../training/rows.ts';
import { subsets } from '../training/subsets.ts';
import { subsetsOfPeriod } from '../training/walk-forward.ts';
import { readSubsetColumns, type SubsetColumns } from './subsets-table.ts';
import { readSplitRows, type TargetStep } from './training-rows.ts';

/** The rows of a model with their features, and which fit tests and trains each. */
export interface PeriodRows {
  readonly rows: TrainingRows;
  readonly split: SubsetColumns;
  /** How many periods are tested; 1 for a plain split. */
  readonly periods: number;
}

/** All rows, from the inputs `rows`, `subsets` and `matrix`. @param learned @default the target itself */
export async function readPeriodRows(
  context: Pick<OperationContext, 'blobs' | 'input'>,
  target: Parameters<typeof readSplitRows>[1],
  learned?: TargetStep,
): Promise<PeriodRows> {
  const { all: rows } = await readSplitRows(context, target, learned);
  const split = await readSubsetColumns(await inputTable(context, 'subsets'), context.blobs);
  return { rows, split, periods: periodsOf(split) };
}

/** How many periods a split has: rows that the last fit does not learn from would train one after it. */
export function periodsOf({ trainsFrom }: Pick<SubsetColumns, 'trainsFrom'>): number {
  let latest = 2;
  for (let row = 0; row < trainsFrom.length; row++) latest = Math.max(latest, trainsFrom[row] as number);
  return latest - 1;
}

/** The subset of each row for the fit of one period, from 1. */
function assignedFor(
  { split, periods }: Pick<PeriodRows, 'split' | 'periods'>,
  index: number,
  rule: Split,
): ArrayLike<number> {
  return index === periods ? split.subset : subsetsOfPeriod(split, index, rule);
}

/** What the fit of one period learns from, and the indexes of the rows that it tests. */
export function periodSubsets(
  rows: PeriodRows,
  index: number,
  rule: Split,
): TrainingSubsets & { readonly tests: Int32Array } {
  const assigned = assignedFor(rows, index, rule);
  const indexesOf = (subset: number): Int32Array =>
    Int32Array.from(rows.rows.target.keys()).filter((row) => assigned[row] === subset);
  return {
    train: selectRows(rows.rows, indexesOf(subsets.train)),
    validation: selectRows(rows.rows, indexesOf(subsets.validation)),
    tests: Int32Array.from(rows.rows.target.keys()).filter((row) => rows.split.period[row] === index),
  };
}
