export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** The type of a value that JSON can carry: a member that JSON would lose, such as a function, is `never`. */
type JsonLike<Value> = Value extends Json | undefined
  ? Value
  : Value extends (...given: never[]) => unknown
    ? never
    : Value extends object
      ? { readonly [Key in keyof Value]: JsonLike<Value[Key]> }
      : never;

/**
 * The same value, typed as a JSON object: TypeScript gives no interface an index signature, so it never takes one for
 * `JsonObject` by itself. Members that are undefined are left out when it is written.
 */
export function asJson<Value extends object>(value: Value & JsonLike<Value>): JsonObject {
  // The parameter's type has checked every member.
  return value as object as JsonObject;
}

/** Whether a parsed JSON value is an object, and not a list or null. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The canonical text of a value: object keys sorted by code unit at every depth, undefined members left out.
 * Numbers are written as JavaScript writes them; NaN and infinities become null, as in JSON.
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}
