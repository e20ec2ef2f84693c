import type { Duration } from '../../kernel/units.ts';
import type { ColumnOf, TimeColumn } from './table.ts';

export type OneOrMore<Value> = Value | readonly Value[];

/** @example listOf('id') // ['id'] */
export function listOf<Value extends string | object>(value: OneOrMore<Value> | undefined): readonly Value[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? (value as readonly Value[]) : [value as Value];
}

type NullableOf<Row> = [Row] extends [never]
  ? never
  : {
      [Name in keyof Row]-?: null extends Row[Name] ? Name : undefined extends Row[Name] ? Name : never;
    }[keyof Row] &
      string;

/** What must hold of a table as a whole. A check that fails stops the step; the last good table stays in place. */
export interface Checks<Row, Time extends string> {
  /** Columns that together identify a row. */
  readonly unique?: OneOrMore<ColumnOf<Row>>;
  /** The largest share of missing values, by column. */
  readonly nulls?: { readonly [Name in NullableOf<Row>]?: number };
  /** `shrink` is the largest share of the previous version's rows that may be gone. */
  readonly rows?: { readonly atLeast?: number; readonly atMost?: number; readonly shrink?: number };
  /** How old the newest row may be. */
  readonly fresh?: { readonly by: TimeColumn<Row, Time>; readonly within: Duration };
  /** SQL by name, over the table `rows`; each selects rows that must not exist. */
  readonly none?: Readonly<Record<string, string>>;
}

/** The checks of a table as data. */
export interface TableChecks {
  readonly unique?: readonly string[];
  readonly nulls?: Readonly<Record<string, number>>;
  readonly rows?: { readonly atLeast?: number; readonly atMost?: number; readonly shrink?: number };
  readonly fresh?: { readonly by: string; readonly within: Duration };
  readonly none?: Readonly<Record<string, string>>;
}

/** @example checksOf({ unique: 'id' }) // { unique: ['id'] } */
export function checksOf<Row, Time extends string>({ unique, ...others }: Checks<Row, Time>): TableChecks {
  return { ...(others as TableChecks), ...(unique !== undefined && { unique: listOf<string>(unique) }) };
}
