import type { Kind } from '../../project/models/kind.ts';
import type { ColumnType } from '../../project/tables/table.ts';
import type { DateForm } from '../../sources/csv/date-forms.ts';
import type { NumberUnit } from '../../sources/csv/number-unit.ts';

/** A column of a CSV file as its cells show it. */
export interface InferredColumn {
  /** As the header has it, without blanks around it. */
  readonly name: string;
  readonly index: number;
  /** Undefined when no line fills it in. */
  readonly type: ColumnType | undefined;
  /** Whether some line leaves it blank, or has a word for a missing value. */
  readonly nullable: boolean;
  /** Lines that fill it in. */
  readonly filled: number;
  /** Lines that do not. */
  readonly missing: number;
  /** Different values, counted up to 10,000. */
  readonly distinct: number;
  /** Lines with the commonest value. */
  readonly commonest: number;
  /** Its values, the commonest first, up to 10,000; none of numbers and dates with many. */
  readonly values: readonly CountedText[];
  /** The first different values. */
  readonly examples: readonly string[];
  /** Of a column of numbers. */
  readonly numbers: NumberFacts | undefined;
  /** Of a column of dates or times. */
  readonly dates: DateFacts | undefined;
  /** Whether its texts are times of a day, such as 18:30. */
  readonly isClock: boolean;
  /** Whole numbers that rise by one from line to line, from 0 or 1. */
  readonly countsLines: boolean;
  /** Cells that are not of its type. */
  readonly bad: BadCells | undefined;
  /** Of text whose cells are mostly numbers: the first cell that is not. */
  readonly oddField: BadCell | undefined;
  /** Words among its numbers, dates, or yes and no, of which a person must say what they mean. */
  readonly unclear: UnclearMarks | undefined;
}

export interface UnclearMarks {
  /** What all other cells are. */
  readonly others: 'number' | 'date' | 'yes-no';
  /** The commonest first. */
  readonly marks: readonly CountedText[];
}

export interface CountedText {
  readonly text: string;
  /** Lines with it. */
  readonly count: number;
}

export interface NumberFacts {
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
  /** What stands beside most of its first numbers. */
  readonly unit: NumberUnit;
  /** A value such as -999 that is far from the others and repeats: it may mean that the value is missing. */
  readonly sentinel: { readonly value: string; readonly count: number } | undefined;
}

export interface DateFacts {
  /** Several where 01/02/2024 could be either day. */
  readonly forms: readonly DateForm[];
  /** Milliseconds since 1970, by the first form. */
  readonly from: number;
  readonly to: number;
  /** What differs between its dates. */
  readonly parts: readonly DatePart[];
}

export const dateParts = ['year', 'month', 'weekday', 'hour', 'day'] as const;
/** `day` is the number of days since 1970. */
export type DatePart = (typeof dateParts)[number];

export interface BadCell {
  readonly line: number;
  readonly text: string;
}

export interface BadCells {
  readonly count: number;
  readonly first: BadCell;
}

/** Text with more different values than this is no class, unless it is named as the target. */
const mostChoices = 20;

export function isNumeric({ type }: Pick<InferredColumn, 'type'>): boolean {
  return type === 'integer' || type === 'number';
}

/** Whether a column has a few texts, which can be classes. */
export function isChoice({ type, distinct }: Pick<InferredColumn, 'type' | 'distinct'>): boolean {
  return type === 'string' && distinct <= mostChoices;
}

/** The kind of model that predicts a column: two whole numbers are classes, and 0 and 1 are yes and no. Undefined if none can. */
export function kindOf(column: Pick<InferredColumn, 'type' | 'numbers' | 'distinct'>): Kind | undefined {
  const { type, numbers, distinct } = column;
  if (type === 'boolean') return 'boolean';
  if (isChoice(column)) return distinct > 1 ? 'class' : undefined;
  if (!isNumeric(column)) return undefined;
  if (type !== 'integer' || distinct !== 2) return 'number';
  return numbers?.least === 0 && numbers.greatest === 1 ? 'boolean' : 'class';
}

/**
 * Whether a column names what a line is about instead of describing it: an id by its name, a number of an order of which
 * each is there once, or a count of the lines.
 */
export function isIdentifier({
  name,
  countsLines,
  distinct,
  filled,
}: Pick<InferredColumn, 'name' | 'countsLines' | 'distinct'> & { readonly filled?: number }): boolean {
  const named = /(?:^|[^a-z])(?:id|uuid|guid|key)$/i.test(name) || /[a-z](?:Id|ID)$/.test(name);
  const numbered =
    filled !== undefined && distinct >= Math.min(filled, mostCounted) && isNumberName.test(name);
  return countsLines || ((named || numbered) && distinct > mostChoices);
}

/** 'Order number', 'kunde_nr': with different values on all lines, the number of a thing. */
const isNumberName =
  /(?:^|[^a-z])(?:number|no|nr|num|nummer|n[úu]mero|ticket|invoice|receipt|reference|ref|barcode|isbn|sku|imei|vin)\.?$/i;

/** Different values of a column are counted up to this many. */
export const mostCounted = 10_000;

/** Whether the header has no name for it, so that it is named by its position. */
export function isUnnamed({ name, index }: Pick<InferredColumn, 'name' | 'index'>): boolean {
  return name === `column ${index + 1}`;
}

/** Whether a project can name the column: an object takes every name but this one. */
export function isReadable({ name, type }: Pick<InferredColumn, 'name' | 'type'>): boolean {
  return type !== undefined && name !== '__proto__';
}
