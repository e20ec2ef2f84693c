import type { Json } from '../../kernel/json.ts';

/** A string, or a number: only whole numbers of 16 digits and more can be unsafe. */
const token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/** Parses JSON without losing digits: whole numbers beyond 2^53 become strings. @throws SyntaxError */
export function parseExactJson(text: string): unknown {
  return JSON.parse(/\d{16}/.test(text) ? text.replace(token, quoteUnsafe) : text) as unknown;
}

/** Replaces bigints: those beyond 2^53 become strings, as in `parseExactJson`, the others numbers. */
export function fromBigInts(value: unknown): Json {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : String(value);
  }
  if (Array.isArray(value)) return value.map(fromBigInts);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, fromBigInts(part)]));
}

function quoteUnsafe(found: string): string {
  return /^-?\d{16,}$/.test(found) && !Number.isSafeInteger(Number(found)) ? `"${found}"` : found;
}
