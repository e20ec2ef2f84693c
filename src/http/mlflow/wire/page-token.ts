import { checkJsonText } from '../../body/json-limits.ts';
import { mlflowError } from './errors.ts';
import { shortened } from './shorten.ts';

/** Characters of an offset's token, with room to spare. */
const longestToken = 1000;
/** Characters of a token that an error repeats. */
const mostShown = 200;

/** A page token with the offset of the next page, in MLflow's form: base64 of `{"offset": 20}`. */
export function offsetToken(offset: number): string {
  return Buffer.from(`{"offset": ${offset}}`).toString('base64');
}

/**
 * The offset of a page: 0 without a token.
 * @throws MlflowError INVALID_PARAMETER_VALUE for an invalid token
 */
export function offsetOf(token: string | undefined): number {
  return token ? offsetOfToken(readToken(token)) : 0;
}

/** @throws MlflowError INVALID_PARAMETER_VALUE for a token without an offset */
export function offsetOfToken(parsed: unknown): number {
  const offset = (parsed as { readonly offset?: unknown } | null)?.offset;
  if (typeof offset === 'number' && Number.isSafeInteger(offset) && offset > 0) return offset;
  throw mlflowError(
    'INVALID_PARAMETER_VALUE',
    `Invalid page token, parsed value=${shortened(JSON.stringify(parsed), mostShown)}`,
  );
}

/**
 * The content of a token.
 * @param longest length of a token that can be valid
 * @throws MlflowError INVALID_PARAMETER_VALUE if it is longer, or not JSON in base64
 */
export function readToken(token: string, longest = longestToken): unknown {
  if (token.length > longest)
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Invalid page token, it must have at most ${longest} characters (got ${token.length})`,
    );
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(token) || token.length % 4 !== 0)
    throw mlflowError('INVALID_PARAMETER_VALUE', 'Invalid page token, could not base64-decode');
  const text = Buffer.from(token, 'base64').toString();
  checkJsonText(text, 'page_token');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Invalid page token, decoded value=${shortened(text, mostShown)}`,
      {
        cause: error,
      },
    );
  }
}
