/** Text columns with an order: dates and times as ISO writes them; numbers order by themselves. */
type Ordered<Row> = { [Name in keyof Row]: Row[Name] extends string | number ? Name : never }[keyof Row] &
  string;
type Column<Row> = keyof Row & string;

interface SplitBase {
  /** How much of what is left for training checks it: for early stopping and search. @default 0.15 */
  readonly validation?: number;
  /** Decides what chance decides. @default 0 */
  readonly seed?: number;
}

/**
 * Which rows train and which test. `by` orders rows in time: the latest test. `group` keeps what belongs together
 * (a match, a person) in one subset. At least one of them is given; with `group` alone, groups are drawn.
 */
export type Split<Row = Readonly<Record<string, string | number>>> = SplitBase &
  (
    | {
        readonly by: Ordered<Row>;
        readonly group?: Column<Row>;
        /** A share of the groups (of the rows, without `group`), or the first value of `by` that tests. */
        readonly test: number | { readonly from: string | number };
      }
    | { readonly by?: never; readonly group: Column<Row>; readonly test: number }
  );
