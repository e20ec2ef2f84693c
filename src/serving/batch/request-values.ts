import type { Json } from '../../kernel/json.ts';
import type { ValueSchema } from '../../kernel/schema-rule.ts';

/** How the cells of a file are read: by its format and, for dates, by the column. */
export interface CellRules {
  readonly isMissing: (text: string) => boolean;
  readonly number: (text: string) => number | undefined;
  readonly boolean: (text: string) => boolean | undefined;
  /** ISO dates and times. */
  readonly date: (text: string) => string | undefined;
  readonly time: (text: string) => string | undefined;
}

/** The value of a cell for a request; undefined for a missing one. */
type CellReader = (text: string) => Json | undefined;

/**
 * Reads cells as a field of the request expects them. A cell that does not fit stays text, so that the request's own rule
 * refuses it.
 */
export function cellReader(schema: ValueSchema, isRequired: boolean, rules: CellRules): CellReader {
  const kinds = kindsOf(schema);
  const choices = kinds.flatMap(({ enum: values = [], const: value }) =>
    value === undefined ? values : [...values, value],
  ) as readonly Json[];
  const types = new Set(kinds.map(({ type }) => type));
  const isNullable = types.has('null') || choices.includes(null);
  const isText = types.has('string') && choices.length === 0;
  const readers = kinds.flatMap((kind) => readerOf(kind, rules) ?? []);
  return (text) => {
    const trimmed = text.trim();
    const choice = choices.find((value) => isChoice(value, trimmed, rules));
    if (choice !== undefined) return choice;
    if (rules.isMissing(trimmed)) {
      if (isNullable) return null;
      if (!isText || !isRequired || trimmed === '') return undefined;
    }
    for (const read of readers) {
      const value = read(trimmed);
      if (value !== undefined) return value;
    }
    return text;
  };
}

/** The alternatives of a schema, each with one type. */
export function kindsOf(schema: ValueSchema): readonly ValueSchema[] {
  if (schema.anyOf) return schema.anyOf.flatMap(kindsOf);
  const { type } = schema;
  return Array.isArray(type) ? type.map((one: string) => ({ ...schema, type: one })) : [schema];
}

function isChoice(value: Json, text: string, rules: CellRules): boolean {
  if (typeof value === 'string') return value.trim() === text;
  if (typeof value === 'number') return rules.number(text) === value;
  return typeof value === 'boolean' && rules.boolean(text) === value;
}

function readerOf({ type, format }: ValueSchema, rules: CellRules): CellReader | undefined {
  switch (type) {
    case 'number':
    case 'integer':
      return rules.number;
    case 'boolean':
      return rules.boolean;
    case 'array':
    case 'object':
      return jsonOf;
    case 'string':
      return format === 'date' ? rules.date : format === 'date-time' ? rules.time : undefined;
    case undefined:
    default:
      return undefined;
  }
}

/** Lists and objects are written as JSON. */
function jsonOf(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
