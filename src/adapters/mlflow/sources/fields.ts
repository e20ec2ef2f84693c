import type { Json, JsonObject } from '../../../kernel/json.ts';
import type { KeyValue } from '../../../tracking/record.ts';

/** A member as a text, '' where it is absent or null. Numbers are written out. */
export function textIn(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** The same, absent where it is empty. */
export function someText(object: JsonObject, name: string): string | undefined {
  return textIn(object, name) || undefined;
}

/** A member as a number, also where it is written as a text. */
export function numberIn(object: JsonObject, name: string): number | undefined {
  const text = textIn(object, name);
  return text === '' ? undefined : numberOf(text);
}

/** A number as MLflow writes it, in Python and in JSON: 'nan', 'NaN', 'inf', '-Infinity', '1.5e-3'. */
export function numberOf(text: string): number {
  const [, sign, word] = /^([+-]?)(nan|inf|infinity)$/i.exec(text.trim()) ?? [];
  if (word === undefined) return Number(text);
  const value = /^nan$/i.test(word) ? Number.NaN : Infinity;
  return sign === '-' ? -value : value;
}

/** A member as a list of objects, none where it is absent. */
export function listIn(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name];
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

/** A member as an object, an empty one where it is absent. */
export function objectIn(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return value !== undefined && isObject(value) ? value : {};
}

/** A list of `{ key, value }`. */
export function keyValuesIn(object: JsonObject, name: string): readonly KeyValue[] {
  return listIn(object, name).map((entry) => ({ key: textIn(entry, 'key'), value: textIn(entry, 'value') }));
}

export function recordOf(entries: readonly KeyValue[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
