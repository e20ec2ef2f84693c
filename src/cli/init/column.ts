import type { Kind } from '../../project/models/kind.ts';
import type { ColumnType } from '../../project/tables/table.ts';
import type { TimeFormat } from './forecast/time-format.ts';

/** A column of a CSV file as its fields show it. */
export interface InferredColumn {
  /** As the header has it, without blanks around it. */
  readonly name: string;
  /** Undefined when no line fills it in. */
  readonly type: ColumnType | undefined;
  /** Whether some line leaves it blank. */
  readonly nullable: boolean;
  /** All values of a text column with few of them, sorted. */
  readonly oneOf: readonly string[] | undefined;
  /** Lines that fill it in. */
  readonly filled: number;
  /** Different values, counted up to 10,000. */
  readonly distinct: number;
  /** Lines with the commonest value. */
  readonly commonest: number;
  /** The greatest field as text sorts: of dates, the latest. */
  readonly last: string;
  /** Of a column of numbers. */
  readonly numbers: NumberFacts | undefined;
  /** Whether its values order lines in time: dates, and times. */
  readonly inTime: boolean;
  /** Formats of dates and times that every field has: several where 01/02/2024 could be either day. */
  readonly timeFormats: readonly TimeFormat[];
  /** Whole numbers that rise by one from line to line, from 0 or 1. */
  readonly countsLines: boolean;
  /** The first field that is no number, of a column where most are. */
  readonly oddField: { readonly line: number; readonly text: string } | undefined;
}

export interface NumberFacts {
  readonly least: number;
  readonly greatest: number;
  readonly mean: number;
}

/** Text with more different values than this is no choice to offer. */
export const mostChoices = 20;

export function isNumeric({ type }: Pick<InferredColumn, 'type'>): boolean {
  return type === 'integer' || type === 'number';
}

/** The kind of model that can predict a column: 0 and 1 alone are yes and no. Undefined if none can. */
export function kindOf(
  column: Pick<InferredColumn, 'type' | 'oneOf' | 'numbers' | 'distinct'>,
): Kind | undefined {
  const { type, oneOf, numbers, distinct } = column;
  if (type === 'boolean') return 'boolean';
  if (oneOf) return oneOf.length > 1 ? 'class' : undefined;
  if (!isNumeric(column)) return undefined;
  const isZeroOrOne = type === 'integer' && distinct === 2 && numbers?.least === 0 && numbers.greatest === 1;
  return isZeroOrOne ? 'boolean' : 'number';
}

/** Whether a column names what a line is about instead of describing it: an id by its name, or a count of the lines. */
export function isIdentifier({
  name,
  countsLines,
  distinct,
}: Pick<InferredColumn, 'name' | 'countsLines' | 'distinct'>): boolean {
  const named = /(?:^|[^a-z])(?:id|uuid|guid|key)$/i.test(name) || /[a-z](?:Id|ID)$/.test(name);
  return countsLines || (named && distinct > mostChoices);
}
