import type { z } from 'zod';
import { PlatformError } from '../kernel/errors.ts';
import type { ModelFile } from '../project/models/trainer.ts';

/** A part of a model's file that this build cannot read. */
export function unsupported(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('MODEL_UNSUPPORTED', { field, value, remedy });
}

/** A file of text in UTF-8. */
export function textFile(name: string, text: string): ModelFile {
  return { name, bytes: new TextEncoder().encode(text) };
}

/** A value as a file of one line of JSON. */
export function jsonFile(name: string, value: unknown): ModelFile {
  return textFile(name, `${JSON.stringify(value)}\n`);
}

/** The value of a JSON file; undefined, which no schema accepts, for other bytes. */
export function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

/**
 * A part of a model's file by its schema.
 * @param field the file and the part, for the message
 * @throws PlatformError MODEL_UNSUPPORTED naming what is wrong in it
 */
export function parseModel<Schema extends z.ZodType>(
  schema: Schema,
  value: unknown,
  { field, remedy }: { readonly field: string; readonly remedy: string },
): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  throw unsupported(`${field} ${issue?.path.join('.') ?? ''}`.trim(), issue?.message, remedy);
}
