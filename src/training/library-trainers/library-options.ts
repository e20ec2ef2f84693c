import { z } from 'zod';
import type { TrainerDefinition, TrainerOptions } from '../../project/models/trainer.ts';

/**
 * Any options, which the library checks when it fits.
 * @param reserved options that Modelyard sets itself, so that a value of the project would have no effect
 */
export function libraryOptions(
  reserved: readonly string[] = [],
): TrainerDefinition<string, TrainerOptions>['options'] {
  const none: z.ZodType = z.never().optional();
  const shape = Object.fromEntries(reserved.map((name) => [name, none]));
  return z.looseObject(shape) as TrainerDefinition<string, TrainerOptions>['options'];
}
