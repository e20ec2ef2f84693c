import type { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';

/** Parses a JSON file of a version's folder. @throws PlatformError MODEL_UNSUPPORTED naming what is wrong in it */
export function parseJsonFile<Value>(name: string, bytes: Uint8Array, schema: z.ZodType<Value>): Value {
  const refuse = (field: string, value: unknown): PlatformError =>
    new PlatformError('MODEL_UNSUPPORTED', {
      field: `${name}${field}`,
      value,
      remedy: 'This build cannot read it: train the model again, or use the build that created it.',
    });
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw refuse('', 'no JSON');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw refuse(issue ? `, ${issue.path.join('.')}` : '', issue?.message);
}
