import { z } from 'zod';
import type { TrainerOptions } from './trainer.ts';

/**
 * The schema of options without one of their own: each given option may get another value of its type. An option given as a
 * whole number takes whole numbers.
 */
export function optionsLike(given: TrainerOptions): z.ZodObject {
  return z.object(Object.fromEntries(Object.entries(given).map(([name, value]) => [name, schemaOf(value)])));
}

function schemaOf(value: unknown): z.ZodType {
  switch (typeof value) {
    case 'number':
      return Number.isInteger(value) ? z.int() : z.number();
    case 'string':
      return z.string();
    case 'boolean':
      return z.boolean();
    default:
      return z.json();
  }
}
