import { recordValue } from '../../kernel/record-value.ts';
import type { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';

/** The fields of a stored row as a caller would have sent them, before the schema has parsed them. */
export function requestFields(
  row: Readonly<Record<string, unknown>>,
  request: z.ZodObject,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(request.shape)
      .filter(([field, schema]) => !isAbsent(recordValue(row, field), schema as z.ZodType))
      .map(([field]) => [field, recordValue(row, field)]),
  );
}

/** A stored row as a caller would have sent it. @throws PlatformError DATA_INVALID naming row, field and value */
export function requestOf(row: Readonly<Record<string, unknown>>, request: z.ZodObject, at: number): unknown {
  const asked = requestFields(row, request);
  const parsed = request.safeParse(asked);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue?.path.join('.') ?? 'request';
  const name = String(issue?.path[0]);
  throw new PlatformError('DATA_INVALID', {
    field: `row ${at + 1}, ${field}`,
    value: Object.hasOwn(asked, name) ? asked[name] : issue?.path.length ? undefined : asked,
    remedy: `The request schema refuses it (${issue?.message}): leave such rows out in the step before, or widen the schema.`,
  });
}

/** A request, or why the schema refuses its row. @param read as `requestOf` */
export function requestOrRefusal(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'DATA_INVALID') return error;
    throw error;
  }
}

/** As `requestOf`; undefined for a row that the schema refuses. */
export function acceptedRequest(
  row: Readonly<Record<string, unknown>>,
  request: z.ZodObject,
  at: number,
): unknown {
  const found = requestOrRefusal(() => requestOf(row, request, at));
  return found instanceof PlatformError ? undefined : found;
}

/** A table stores an absent value as null: a null of an optional field that is not nullable is left out. */
function isAbsent(value: unknown, schema: z.ZodType): boolean {
  if (value !== null) return value === undefined;
  return !schema.safeParse(null).success && schema.safeParse(undefined).success;
}
