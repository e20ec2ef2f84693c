import type { JsonObject } from '../../kernel/json.ts';
import { withCallSite } from '../call-sites.ts';
import { listOf, type OneOrMore } from './checks.ts';
import type { ColumnOf, RowOf, TableRef, TimeOf } from './table.ts';

type IsOne<Name> = [Name] extends [
  (Name extends unknown ? (name: Name) => void : never) extends (name: infer All) => void ? All : never,
]
  ? true
  : false;

/** For a view with one key, the name of a request field; with several keys, a field for each. */
type FieldsFor<Keys> = IsOne<keyof Keys> extends true ? string : { readonly [Name in keyof Keys]: string };

type RequestWith<Keys, On> = On extends string
  ? { readonly [Field in On]: Keys[keyof Keys] }
  : { readonly [Name in keyof Keys as On[Name & keyof On] & string]: Keys[Name] };

/** The columns of a view without its key and times. */
type ValuesOf<Row, Names extends string> = [Row] extends [never]
  ? never
  : { [Name in keyof Row as Exclude<Name, Names>]: Row[Name] };

/** What a model looks up for each request. `Request`, `Values` and `Before` exist only in types. */
export interface Lookup<Request = never, Values = unknown, Before extends string = string> {
  readonly kind: 'lookup';
  readonly view: FeatureViewDeclaration;
  /** The request fields with the key's values, in the order of the view's `key`. */
  readonly on: readonly string[];
  /** The rows' column with the time: values are looked up strictly before it. */
  readonly before: string;
  readonly '~request'?: ((request: Request) => void) | undefined;
  readonly '~values'?: Values | undefined;
  readonly '~before'?: Before | undefined;
}

/** A feature view as data. */
export interface FeatureViewDeclaration {
  readonly kind: 'feature-view';
  readonly name: string;
  readonly rows: TableRef;
  readonly key: readonly string[];
  readonly at: string;
  readonly knownAt: string;
  /** Values of a key without rows. @default the feature function gets undefined */
  readonly initial: JsonObject | undefined;
  /** The columns that a lookup gives: all but the key, `at` and `knownAt`. */
  readonly columns: readonly string[];
}

export interface FeatureView<Keys extends object = object, Values = unknown> extends FeatureViewDeclaration {
  /**
   * The last values strictly before the time in the column `before` of the model's rows. When a request is served, that
   * is the request's field of this name, or now if the request has none.
   * @example form.of('host', { before: 'date' })
   */
  of<const On extends FieldsFor<Keys>, const Before extends string>(
    on: On,
    options: { readonly before: Before },
  ): Lookup<RequestWith<Keys, On>, Values, Before>;
}

export interface FeatureViewOptions<
  Rows extends TableRef,
  Key extends ColumnOf<RowOf<Rows>, string | number>,
  At extends TimeOf<Rows>,
  KnownAt extends TimeOf<Rows>,
  Initial,
> {
  /** Any table; a step, sql or fold may write it. */
  readonly rows: Rows;
  /** The columns that say whose values they are: 'team'. */
  readonly key: OneOrMore<Key>;
  /** The time from which the values are true. */
  readonly at: At;
  /**
   * The time at which the values became known. Training uses a row only if both times are before the row's time.
   * @default the column of `at`
   */
  readonly knownAt?: KnownAt;
  /** The values of a key without rows. @default undefined, which the feature function must expect */
  readonly initial?: Initial;
}

/**
 * What is known of a key over time: every column of `rows` except the key and the times.
 * @example featureView('team-form', { rows: ratings.out.rows, key: 'team', at: 'date', initial: { elo: 1300 } })
 */
export function featureView<
  Rows extends TableRef,
  const Key extends ColumnOf<RowOf<Rows>, string | number>,
  const At extends TimeOf<Rows>,
  const KnownAt extends TimeOf<Rows> = At,
  Initial extends ValuesOf<RowOf<Rows>, Key | At | KnownAt> | undefined = undefined,
>(
  name: string,
  options: FeatureViewOptions<Rows, Key, At, KnownAt, Initial>,
): FeatureView<
  { [Name in Key]: RowOf<Rows>[Name] },
  ValuesOf<RowOf<Rows>, Key | At | KnownAt> | (Initial extends undefined ? undefined : never)
> {
  const key: readonly string[] = listOf<string>(options.key);
  const { at, knownAt = options.at } = options as { readonly at: string; readonly knownAt?: string };
  const declared: FeatureViewDeclaration = {
    kind: 'feature-view',
    name,
    rows: options.rows,
    key,
    at,
    knownAt,
    initial: options.initial as JsonObject | undefined,
    columns: options.rows.table.schema.columns
      .map((column) => column.name)
      .filter((column) => !key.includes(column) && column !== at && column !== knownAt),
  };
  // A project may run without the compiler: defineProject refuses what is missing here.
  const of = (on?: string | Readonly<Record<string, string>>, given?: { readonly before?: string }): Lookup =>
    withCallSite({
      kind: 'lookup',
      view: declared,
      on: typeof on === 'string' ? [on] : key.map((column) => on?.[column] ?? ''),
      before: given?.before ?? '',
    });
  return withCallSite(Object.assign(declared, { of })) as never;
}
