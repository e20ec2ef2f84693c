import type { JsonObject } from '../../../kernel/json.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { isAbsent, MlflowFailure } from '../failure.ts';

/** Reads a string of a response. @throws PlatformError PEER_FAILED where it is missing */
export function textAt(response: JsonObject, ...path: readonly string[]): string {
  let value: unknown = response;
  for (const name of path) value = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (typeof value === 'string') return value;
  throw new PlatformError('PEER_FAILED', {
    field: path.join('.'),
    value,
    remedy: 'This is not a response of MLflow: check which server listens at this address.',
  });
}

export function listAt(response: JsonObject, name: string): readonly JsonObject[] {
  const value = response[name];
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}

/** Resolves with undefined where the entity does not exist. */
export async function ifThere<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Resolves with undefined where the entity exists already. */
export async function ifNew<Result>(asked: Promise<Result>): Promise<Result | undefined> {
  try {
    return await asked;
  } catch (error) {
    const isThere =
      error instanceof MlflowFailure &&
      (error.errorCode === 'RESOURCE_ALREADY_EXISTS' || error.errorCode === 'ALREADY_EXISTS');
    if (isThere) return undefined;
    throw error;
  }
}

/** A text in a filter of a search. One with both quotes cannot be reason there. */
export function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

/** The name is in use on the other server. */
export function nameTaken(field: string, name: string): PlatformError {
  const remedy = 'The name is already in use on the other server: rename one of the two.';
  return new PlatformError('INPUT_INVALID', { field, value: name, remedy });
}
