import { isJsonObject, type Json, type JsonObject } from '../../../kernel/json.ts';
import type { KeyValue } from '../../../tracking/model.ts';

/** A string member; '' where it is absent or null. Numbers become strings. */
export function textIn(object: JsonObject, name: string): string {
  const value = object[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A string member; absent where it is empty. */
export function someText(object: JsonObject, name: string): string | undefined {
  return textIn(object, name) || undefined;
}

/** A number member; it may be written as a string. */
export function numberIn(object: JsonObject, name: string): number | undefined {
  const text = textIn(object, name);
  return text === '' ? undefined : numberOf(text);
}

/** Reads a number as Python and MLflow write it: 'nan', 'NaN', 'inf', '-Infinity', '1.5e-3'. */
export function numberOf(text: string): number {
  const [, sign, word] = /^([+-]?)(nan|inf|infinity)$/i.exec(text.trim()) ?? [];
  if (word === undefined) return Number(text);
  const value = /^nan$/i.test(word) ? Number.NaN : Infinity;
  return sign === '-' ? -value : value;
}

/** A list of objects; empty where it is absent. */
export function listIn(object: JsonObject, name: string): readonly JsonObject[] {
  const value = object[name];
  return Array.isArray(value) ? (value as readonly Json[]).filter(isJsonObject) : [];
}

/** An object member; empty where it is absent. */
export function objectIn(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return value !== undefined && isJsonObject(value) ? value : {};
}

/** A list of `{ key, value }`. */
export function keyValuesIn(object: JsonObject, name: string): readonly KeyValue[] {
  return listIn(object, name).map((entry) => ({ key: textIn(entry, 'key'), value: textIn(entry, 'value') }));
}

/** The page token of a request's body; nothing for the first page. */
export function pageToken(token: string | undefined): { readonly page_token?: string } {
  return token === undefined ? {} : { page_token: token };
}

export function recordOf(entries: readonly KeyValue[]): Readonly<Record<string, string>> {
  return Object.fromEntries(entries.map(({ key, value }) => [key, value]));
}
