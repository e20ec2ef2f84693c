import type { Target } from '../../project/models/kind.ts';
import { classShares, meanPrediction, medianPrediction } from '../../training/baseline.ts';
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

/** The best constant, and its predictions of the test rows. */
export interface BestConstant {
  readonly predicts: 'median' | 'mean' | 'shares';
  readonly scored: ScoredRows;
}

/**
 * The best constant for each period, of the rows that its fit learns from: the shares of their classes, or the better of
 * their median and their mean. The median is best by MAE and the mean by RMSE and R², but which of them is better on the
 * test rows also depends on these, and a version must be better than both.
 * @param rule.figure of the metric of the promotion rule
 */
export function bestConstant(
  rows: TestRows,
  { target, interval }: Pick<ConstantOptions, 'target' | 'interval'>,
  rule: { readonly figure: (scored: ScoredRows) => number; readonly better: 'lower' | 'higher' },
): BestConstant {
  if (target.kind !== 'number')
    return { predicts: 'shares', scored: constantBaseline(rows, { target, interval }) };
  const median = constantBaseline(rows, { target, interval });
  const mean = constantBaseline(rows, { target, interval, ofNumbers: meanPrediction });
  const gain = rule.figure(mean) - rule.figure(median);
  return (rule.better === 'lower' ? -gain : gain) > 0
    ? { predicts: 'mean', scored: mean }
    : { predicts: 'median', scored: median };
}

interface ConstantOptions {
  readonly target: Target;
  readonly interval: number;
  /** The constant of numbers. @default their median */
  readonly ofNumbers?: typeof medianPrediction;
}

function constantBaseline({ split, truth, tests }: TestRows, options: ConstantOptions): ScoredRows {
  const { target } = options;
  const constants = Array.from({ length: periodsOf(split) }, (_, index) =>
    constantOf(
      truth.filter((_value, row) => (split.trainsFrom[row] as number) <= index + 1),
      options,
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

function constantOf(
  learned: Float64Array,
  { target, interval, ofNumbers = medianPrediction }: ConstantOptions,
): readonly number[] {
  switch (target.kind) {
    case 'number': {
      const { value, low, high } = ofNumbers(learned, interval);
      return [value, low, high];
    }
    case 'boolean':
      return [...classShares(learned, 2)].slice(1);
    case 'class':
      return [...classShares(learned, target.classes.length)];
  }
}
