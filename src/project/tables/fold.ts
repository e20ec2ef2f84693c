import { withCallSite } from '../call-sites.ts';
import { type RunOptions, runOptionsOf } from './run-options.ts';
import type { ColumnOf, RowOf, TableDeclaration, TableRef, TimeOf } from './table.ts';

export interface FoldOptions<
  Rows extends TableRef,
  Key,
  At,
  Out extends TableDeclaration,
> extends RunOptions {
  readonly in: Rows;
  /** The column that says which state a row changes: 'gameId'. */
  readonly key: Key;
  /** The column of times by which rows are ordered. */
  readonly at: At;
  /** The state's columns. */
  readonly out: Out;
  /** The state of a key before its first row. */
  readonly start: RowOf<NoInfer<Out>>;
}

export interface Fold<Row extends object = object, Time extends string = string>
  extends TableRef<Row, Time>, RunOptions {
  readonly kind: 'fold';
  readonly name: string;
  readonly in: TableRef;
  readonly key: string;
  readonly at: string;
  /** The columns of the state; the table has the key and the time before them. */
  readonly state: TableDeclaration;
  readonly start: object;
  readonly next: (state: never, row: never) => object;
}

/**
 * The state of each key after each of its rows, in order of time. The same function runs over the history and over each
 * event of a stream.
 * @example fold('states', { in: plays, key: 'gameId', at: 'at', out: table(GameState), start: { lead: 0 } }, afterPlay)
 */
export function fold<
  Rows extends TableRef,
  const Key extends ColumnOf<RowOf<Rows>, string | number>,
  const At extends TimeOf<Rows>,
  Out extends TableDeclaration,
>(
  name: string,
  options: FoldOptions<Rows, Key, At, Out>,
  next: (state: RowOf<Out>, row: RowOf<Rows>) => RowOf<Out>,
): Fold<Pick<RowOf<Rows>, (Key | At) & keyof RowOf<Rows>> & RowOf<Out>, At> {
  const { in: rows, key, at, out: state } = options;
  const { columns } = rows.table.schema;
  const declared: Fold<object, At> = {
    kind: 'fold',
    name,
    in: rows,
    key,
    at,
    state,
    start: options.start,
    next,
    get producer() {
      return this;
    },
    output: 'rows',
    table: {
      kind: 'table',
      schema: {
        columns: [
          ...[key, at].flatMap((column) => columns.filter((each) => each.name === column)),
          ...state.schema.columns,
        ],
      },
      ...(state.checks && { checks: state.checks }),
    },
    ...runOptionsOf(options),
  };
  return withCallSite(declared) as Fold<Pick<RowOf<Rows>, (Key | At) & keyof RowOf<Rows>> & RowOf<Out>, At>;
}
