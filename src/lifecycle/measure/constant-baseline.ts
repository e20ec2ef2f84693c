import type { Target } from '../../project/models/kind.ts';
import { classShares, medianPrediction } from '../../training/baseline.ts';
import type { ScoredRows } from '../../training/metrics/metrics-of.ts';
import { periodsOf } from '../rows/period-rows.ts';
import { scoreColumns, scoredOf } from '../rows/scored-table.ts';
import type { SubsetColumns } from '../rows/subsets-table.ts';

interface TestRows {
  readonly split: SubsetColumns;
  /** The target of every row. */
  readonly truth: Float64Array;
  /** The indexes of the test rows. */
  readonly tests: Int32Array;
}

/** The best constant for each period, of the rows that its fit learns from: their median, or the shares of their classes. */
export function constantBaseline(
  { split, truth, tests }: TestRows,
  target: Target,
  interval: number,
): ScoredRows {
  const constants = Array.from({ length: periodsOf(split) }, (_, index) =>
    constantOf(
      truth.filter((_value, row) => (split.trainsFrom[row] as number) <= index + 1),
      target,
      interval,
    ),
  );
  const columns = scoreColumns(target).map((_, position) =>
    Float64Array.from(tests, (row) => constants[(split.period[row] as number) - 1]?.[position] ?? Number.NaN),
  );
  return scoredOf(
    target,
    Float64Array.from(tests, (row) => truth[row] as number),
    columns,
  );
}

function constantOf(learned: Float64Array, target: Target, interval: number): readonly number[] {
  switch (target.kind) {
    case 'number': {
      const { value, low, high } = medianPrediction(learned, interval);
      return [value, low, high];
    }
    case 'boolean':
      return [...classShares(learned, 2)].slice(1);
    case 'class':
      return [...classShares(learned, target.classes.length)];
  }
}
