import type { Json } from '../../kernel/json.ts';
import type { ValueSchema } from '../../kernel/schema-rule.ts';
import type { ReadCell } from '../../sources/csv/cells.ts';

/** How the cells of a column are read; see `cells.ts` of `csv()`. */
export interface CellRules {
  readonly number: ReadCell<number>;
  readonly boolean: ReadCell<boolean>;
  /** ISO dates and times. */
  readonly date: ReadCell<string>;
  readonly time: ReadCell<string>;
  /** @param nullable whether a word of a missing value is one, and no text */
  readonly text: (nullable: boolean) => ReadCell<string>;
}

/** The value of a cell for a request; undefined for a missing one. */
type CellReader = (text: string) => Json | undefined;

/**
 * Reads cells as a field of the request expects them: a word of a missing value is no choice and no text where the field may
 * be left out or null, as in a nullable column of `csv()`. A cell that does not fit stays text, so that the request's own rule
 * refuses it.
 */
export function cellReader(schema: ValueSchema, isRequired: boolean, rules: CellRules): CellReader {
  const kinds = kindsOf(schema);
  const choices = kinds.flatMap(({ enum: values = [], const: value }) =>
    value === undefined ? values : [...values, value],
  ) as readonly Json[];
  const types = new Set(kinds.map(({ type }) => type));
  const isNullable = types.has('null') || choices.includes(null);
  const absent = isNullable ? null : undefined;
  const isText = types.has('string') && choices.length === 0;
  const readText = rules.text(isNullable || !isRequired);
  const readers = kinds.flatMap((kind) => readerOf(kind, rules) ?? []);
  return (text) => {
    const trimmed = text.trim();
    if (readText(text) === null) return absent;
    const choice = choices.find((value) => isChoice(value, trimmed, rules));
    if (choice !== undefined) return choice;
    for (const read of readers) {
      const value = read(trimmed);
      if (value === null && !(isText && isRequired)) return absent;
      if (value !== undefined && value !== null) return value;
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

function readerOf({ type, format }: ValueSchema, rules: CellRules): ReadCell<Json> | undefined {
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
