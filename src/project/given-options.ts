import { z } from 'zod';
import type { Json } from '../kernel/json.ts';
import type { TrainerOptions } from './trainer.ts';

/**
 * The schema of options without one of their own: each given option may get another value of its type. An option given as a
 * whole number takes whole numbers.
 */
export function optionsLike(given: TrainerOptions): z.ZodObject {
  return z.object(Object.fromEntries(Object.entries(given).map(([name, value]) => [name, schemaOf(value)])));
}

function schemaOf(value: Json): z.ZodType {
  if (typeof value === 'number') return Number.isInteger(value) ? z.int() : z.number();
  if (typeof value === 'string') return z.string();
  return typeof value === 'boolean' ? z.boolean() : z.json();
}
