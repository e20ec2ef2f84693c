/** Text columns that can be ordered: ISO dates and times. Numbers can always be ordered. */
type Ordered<Row> = { [Name in keyof Row]: Row[Name] extends string | number ? Name : never }[keyof Row] &
  string;
type Column<Row> = keyof Row & string;

interface SplitBase {
  /** The share of the training rows used for validation: for early stopping and search. @default 0.15 */
  readonly validation?: number;
  /** Seed of the random choices. @default 0 */
  readonly seed?: number;
}

/**
 * Which rows train and which test. `by` orders rows in time: the latest are test rows. `group` keeps related rows (of a
 * match, a person) in one subset. Give at least one of them; with only `group`, groups are drawn at random.
 */
export type Split<Row = Readonly<Record<string, string | number>>> = SplitBase &
  (
    | {
        readonly by: Ordered<Row>;
        readonly group?: Column<Row>;
        /** A share of the groups (of the rows, without `group`), or the first value of `by` for the test. */
        readonly test: number | { readonly from: string | number };
      }
    | { readonly by?: never; readonly group: Column<Row>; readonly test: number }
  );
