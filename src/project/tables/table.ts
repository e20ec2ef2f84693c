import type { z } from 'zod';
import { type Checks, checksOf, type TableChecks } from './checks.ts';
import { type Column, columnOf } from './column.ts';
import type { Producer } from '../producer.ts';

export type { Column, ColumnType } from './column.ts';

export interface TableSchema {
  readonly columns: readonly Column[];
}

/** A table declared in a project file. `Row` and `Time`, its columns of dates and times, exist only in types. */
export interface TableDeclaration<Row extends object = object, Time extends string = string> {
  readonly kind: 'table';
  readonly schema: TableSchema;
  /** What must hold of the rows as a whole, checked when the table is written. @default nothing */
  readonly checks?: TableChecks | undefined;
  readonly '~row'?: Row | undefined;
  readonly '~time'?: Time | undefined;
}

/** A table that a declaration writes: for `in`, `rows` and feature views. */
export interface TableRef<Row extends object = object, Time extends string = string> {
  /** What writes it. */
  readonly producer: Producer;
  readonly output: string;
  readonly table: TableDeclaration<Row, Time>;
}

type Tabular<Row extends object, Time extends string> = TableRef<Row, Time> | TableDeclaration<Row, Time>;

export type RowOf<Ref> = Ref extends Tabular<infer Row, string> ? Row : never;

/** The columns that a table's schema says are dates or times; `string` if a reader did not say. */
export type DeclaredTime<Ref> = Ref extends Tabular<object, infer Time> ? Time : never;

/** The columns of `Row` whose every value is a `Value`. The compiler names the result of a condition, not the type. */
export type ColumnOf<Row, Value = unknown> = [Row] extends [never]
  ? never
  : { [Name in keyof Row]-?: Row[Name] extends Value ? Name : never }[keyof Row] & string;

/** Columns of dates and times that are never null; any text column if a reader did not say which are. */
export type TimeColumn<Row, Time extends string> = string extends Time ? ColumnOf<Row, string> : Time;

/** The columns of a table that are dates or times. */
export type TimeOf<Ref> = TimeColumn<RowOf<Ref>, DeclaredTime<Ref>>;

/** The row of a schema. */
export type RowOfShape<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

/** `z.iso.date()` and `z.iso.datetime()` columns of a schema. */
export type TimesOfShape<Shape extends z.ZodRawShape> = {
  [Name in keyof Shape]: Shape[Name] extends z.ZodISODate | z.ZodISODateTime ? Name : never;
}[keyof Shape] &
  string;

/**
 * Declares a table by the schema of its rows: strings, numbers, booleans, enums, ISO dates and times, each nullable or
 * optional. For an absent value, a row has null in a nullable column and nothing in an optional one.
 * @example
 * table(z.object({ id: z.string(), played: z.iso.date(), points: z.int().min(0) }))
 * table(Bar, { unique: ['symbol', 'date'], fresh: { by: 'date', within: '4d' } })
 * @throws PlatformError PROJECT_INVALID for a column of another type, and for a refinement: do that in the step.
 */
export function table<Shape extends z.ZodRawShape>(
  rows: z.ZodObject<Shape>,
  checks?: Checks<RowOfShape<Shape>, TimesOfShape<Shape>>,
): TableDeclaration<RowOfShape<Shape>, TimesOfShape<Shape>> {
  return {
    kind: 'table',
    schema: { columns: Object.entries(rows.shape).map(([name, field]) => columnOf(name, field)) },
    ...(checks && { checks: checksOf(checks) }),
  };
}
