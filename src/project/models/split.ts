import type { Duration } from '../../kernel/units.ts';
import type { ColumnOf, RowOf, TableRef, TimeOf } from '../tables/table.ts';

export type Period = 'day' | 'week' | 'month' | 'quarter' | 'year';

/** The first value of `by` for the test. */
export interface TestFrom {
  readonly from: string | number;
  /**
   * Trains anew for each period from `from` on, with everything before it: a walk forward.
   * @default one test of all rows from `from` on
   */
  readonly refit?: Period;
}

interface SplitBase {
  /** The share of the training rows used for validation: for early stopping and search. @default 0.15 */
  readonly validation?: number;
  /** Seed of the random choices. @default 0 */
  readonly seed?: number;
}

/** The latest rows test. */
interface OrderedSplit<By extends string, Group extends string> extends SplitBase {
  readonly by: By;
  readonly group?: Group;
  /** A share of the groups (of the rows, without `group`), or the first value of `by` for the test. */
  readonly test: number | TestFrom;
  /** Rows up to this long before a test row do not train: as long as the target looks ahead. @default none */
  readonly gap?: Duration;
  readonly rows?: never;
}

/** The test of rows without an order. */
type ShareOnly =
  | number
  | (TestFrom & {
      readonly '~mismatch': 'rows without an order have no first test row: add `by`, or give a share';
    });

/** Groups are drawn at random. */
interface GroupedSplit<Group extends string> extends SplitBase {
  readonly by?: never;
  readonly group: Group;
  readonly test: ShareOnly;
  readonly gap?: never;
  readonly rows?: never;
}

/** Single rows are drawn at random. */
interface IndependentSplit extends SplitBase {
  readonly by?: never;
  readonly group?: never;
  readonly rows: 'independent';
  readonly test: ShareOnly;
  readonly gap?: never;
}

/**
 * Which rows train and which test. `by` orders rows in time: the latest are test rows. `group` keeps related rows (of a
 * match, a person) in one subset. With only `group`, groups are drawn at random. `rows: 'independent'` draws single rows:
 * say it only if no two rows belong together.
 */
export type SplitFor<Rows extends TableRef> =
  | IndependentSplit
  | GroupedSplit<ColumnOf<RowOf<Rows>>>
  // The last one, because the compiler describes it if a split fits none of them.
  | OrderedSplit<TimeOf<Rows> | ColumnOf<RowOf<Rows>, number>, ColumnOf<RowOf<Rows>>>;

/** A split as data. */
export type Split = IndependentSplit | GroupedSplit<string> | OrderedSplit<string, string>;
