import type { JsonObject } from '../../../kernel/json.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { isAbsent, MlflowFailure } from '../failure.ts';

/** @throws PlatformError PEER_FAILED for an answer without it */
export function textAt(answer: JsonObject, ...path: readonly string[]): string {
  let value: unknown = answer;
  for (const name of path) value = (value as Readonly<Record<string, unknown>> | undefined)?.[name];
  if (typeof value === 'string') return value;
  throw new PlatformError('PEER_FAILED', {
    field: path.join('.'),
    value,
    remedy: 'That is not what MLflow answers: see which server listens at this address.',
  });
}

export function listAt(answer: JsonObject, name: string): readonly JsonObject[] {
  const value = answer[name];
  return Array.isArray(value) ? (value as readonly JsonObject[]) : [];
}

/** Nothing for what is not there. */
export async function ifThere<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await asked;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Nothing for what is there already. */
export async function ifNew<Answer>(asked: Promise<Answer>): Promise<Answer | undefined> {
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

/** A text in a filter of a search. One with both quotes cannot be said there. */
export function quoted(text: string): string {
  return text.includes("'") ? `"${text}"` : `'${text}'`;
}

/** Another of the other server has the name. */
export function nameTaken(field: string, name: string): PlatformError {
  const remedy = 'The other server has another of this name: rename one of them.';
  return new PlatformError('INPUT_INVALID', { field, value: name, remedy });
}
