import type { Split } from '../../project/models/split.ts';
import type { TrainingSubsets } from '../../project/models/trainer.ts';
import { subsetsOfPeriod } from '../../training/walk-forward.ts';
import type { SubsetColumns } from './subsets-table.ts';
import { type SplitRows, trainingSubsets } from './training-rows.ts';

/** How many periods a split has, 1 for a plain one: rows that the last fit does not learn from would train one after it. */
export function periodsOf({ trainsFrom }: Pick<SubsetColumns, 'trainsFrom'>): number {
  let latest = 2;
  for (let row = 0; row < trainsFrom.length; row++) latest = Math.max(latest, trainsFrom[row] as number);
  return latest - 1;
}

/** The indexes of the rows that a period tests. @param index from 1 @default all periods */
export function testsOf({ period }: Pick<SubsetColumns, 'period'>, index?: number): Int32Array {
  return Int32Array.from(period, (_value, row) => row).filter((row) =>
    index === undefined ? (period[row] as number) > 0 : period[row] === index,
  );
}

/** What the fit of one period learns from. @param index from 1 */
export function periodSubsets({ rows, split }: SplitRows, index: number, rule: Split): TrainingSubsets {
  const isLast = index === periodsOf(split);
  return trainingSubsets(rows, isLast ? split.subset : subsetsOfPeriod(split, index, rule));
}
