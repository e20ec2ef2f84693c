import type { Column } from '../project/tables/table.ts';
import { daysOf, millisecondsOf } from './calendar.ts';

/** A value in the staging table: dates in days, times in milliseconds since 1970, both as numbers. */
export type Stored = string | number | boolean | null;

/** What the column requires: 'a whole number, at least 0'. */
export interface Refusal {
  readonly expected: string;
}

/** Returns the value to store, or why the column refuses it. */
export type ColumnCheck = (value: unknown) => Stored | Refusal;

/**
 * The check of a column. Absent values are null; so is NaN in a nullable column, because NaN is a missing number everywhere
 * else.
 */
export function columnCheck(column: Column): ColumnCheck {
  const refusal: Refusal = { expected: wantedBy(column) };
  const check = checkOf(column, refusal);
  const { nullable } = column;
  return (value) => {
    if (value === null || value === undefined || Number.isNaN(value)) return nullable ? null : refusal;
    return check(value);
  };
}

export function isRefusal(stored: Stored | Refusal): stored is Refusal {
  return typeof stored === 'object' && stored !== null;
}

function checkOf(column: Column, refusal: Refusal): ColumnCheck {
  switch (column.type) {
    case 'string':
      return textCheck(column, refusal);
    case 'integer':
      return numberCheck(column, refusal, Number.isSafeInteger);
    case 'number':
      return numberCheck(column, refusal, Number.isFinite);
    case 'boolean':
      return (value) => (typeof value === 'boolean' ? value : refusal);
    case 'date':
      return (value) => (typeof value === 'string' ? (daysOf(value) ?? refusal) : refusal);
    case 'timestamp':
      return (value) => (typeof value === 'string' ? (millisecondsOf(value) ?? refusal) : refusal);
  }
}

function numberCheck(
  { minimum = -Infinity, maximum = Infinity, above = -Infinity, below = Infinity }: Column,
  refusal: Refusal,
  isOfType: (value: unknown) => boolean,
): ColumnCheck {
  return (value) =>
    typeof value === 'number' &&
    isOfType(value) &&
    value >= minimum &&
    value <= maximum &&
    value > above &&
    value < below
      ? value
      : refusal;
}

const loneSurrogate = /[\uD800-\uDFFF]/u;

function textCheck(column: Column, refusal: Refusal): ColumnCheck {
  const { minLength = 0, maxLength = Infinity } = column;
  const allowed = column.oneOf && new Set(column.oneOf);
  const pattern = column.pattern === undefined ? undefined : regularExpression(column.pattern);
  return (value) => {
    if (typeof value !== 'string' || value.length < minLength || value.length > maxLength) return refusal;
    if (allowed) return allowed.has(value) ? value : refusal;
    // A lone surrogate has no UTF-8 form: the file would contain another text.
    if ((pattern && !pattern.test(value)) || loneSurrogate.test(value)) return refusal;
    return value;
  };
}

/** A schema keeps a pattern's source and loses its flags. Most patterns are for 'u', and some are invalid with it. */
function regularExpression(source: string): RegExp {
  try {
    return new RegExp(source, 'u');
  } catch {
    return new RegExp(source);
  }
}

const typeNames: Readonly<Record<Column['type'], string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  date: 'a date as "2024-05-31"',
  timestamp: 'a time as "2024-05-31T14:00:00Z"',
};

function wantedBy(column: Column): string {
  const { minimum, maximum, above, below, oneOf, pattern, minLength, maxLength } = column;
  return [
    oneOf ? `one of ${oneOf.map((value) => JSON.stringify(value)).join(', ')}` : typeNames[column.type],
    minimum === undefined ? '' : `at least ${minimum}`,
    maximum === undefined ? '' : `at most ${maximum}`,
    above === undefined ? '' : `above ${above}`,
    below === undefined ? '' : `below ${below}`,
    minLength === undefined ? '' : `at least ${minLength} characters`,
    maxLength === undefined ? '' : `at most ${maxLength} characters`,
    pattern === undefined ? '' : `matching ${pattern}`,
    column.optional ? 'or left out' : column.nullable ? 'or null' : '',
  ]
    .filter(Boolean)
    .join(', ');
}
