import { z } from 'zod';
import type { Json } from '../../kernel/json.ts';
import type { TrainerOptions } from './trainer.ts';

/**
 * The schema of options without one of their own: each given option may get another value of its type. An option given as a
 * whole number takes whole numbers.
 */
export function optionsLike(given: TrainerOptions): z.ZodObject {
  return z.object(Object.fromEntries(Object.entries(given).map(([name, value]) => [name, schemaOf(value)])));
}

/**
 * The schema of a trainer's options. Where it takes any option, those that are given say which there are, and a range with an
 * end that is no whole number makes an option a number.
 */
export function schemaOfOptions(
  schema: z.ZodObject,
  given: TrainerOptions,
  ranges: Readonly<Record<string, readonly (number | string)[] | undefined>> = {},
): z.ZodObject {
  const { catchall } = schema.def;
  if (!catchall || catchall instanceof z.ZodNever) return schema;
  const examples = Object.entries(given).map(([name, value]) => {
    const fraction = ranges[name]?.find((end) => typeof end === 'number' && !Number.isInteger(end));
    return [name, typeof value === 'number' ? (fraction ?? value) : value] as const;
  });
  return z.object({ ...optionsLike(Object.fromEntries(examples)).shape, ...schema.shape });
}

function schemaOf(value: Json): z.ZodType {
  if (typeof value === 'number') return Number.isInteger(value) ? z.int() : z.number();
  if (typeof value === 'string') return z.string();
  return typeof value === 'boolean' ? z.boolean() : z.custom<Json>((other) => isJson(other));
}

/** An option is stored with the run: a function, a date or NaN would be lost. @param within the objects around it */
function isJson(value: unknown, within: readonly unknown[] = []): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || within.includes(value)) return false;
  const isPlain = Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
  return isPlain && Object.values(value).every((part) => isJson(part, [...within, value]));
}
