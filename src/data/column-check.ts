import type { Column } from '../project/table.ts';

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
      return remembering((value) => daysOf(value) ?? refusal);
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

const dayMs = 86_400_000;
const rememberedMost = 100_000;

/** Tables repeat the same few dates. */
function remembering(parse: (text: string) => number | Refusal): ColumnCheck {
  const parsedDates = new Map<string, number>();
  return (value) => {
    if (typeof value !== 'string') return parse('');
    const before = parsedDates.get(value);
    if (before !== undefined) return before;
    const parsed = parse(value);
    if (typeof parsed === 'number' && parsedDates.size < rememberedMost) parsedDates.set(value, parsed);
    return parsed;
  };
}

function daysOf(text: string): number | undefined {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined;
  const time = Date.parse(`${text}T00:00:00Z`);
  // Some engines turn 30 February into a day of March.
  return Number.isNaN(time) || dateText(time / dayMs) !== text ? undefined : time / dayMs;
}

const isoTime = /^(\d{4}-\d{2}-\d{2})T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?$/;

function millisecondsOf(text: string): number | undefined {
  const parts = isoTime.exec(text);
  if (!parts?.[1] || daysOf(parts[1]) === undefined) return undefined;
  const time = Date.parse(parts[2] ? text : `${text}Z`);
  return Number.isNaN(time) ? undefined : time;
}

/** @param days since 1970-01-01 @returns 'YYYY-MM-DD' */
export function dateText(days: number): string {
  return new Date(days * dayMs).toISOString().slice(0, 10);
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
