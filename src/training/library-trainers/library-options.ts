import { z } from 'zod';
import type { TrainerDefinition, TrainerOptions } from '../../project/models/trainer.ts';

/** Any options: the library checks them when it fits. */
export const libraryOptions = z.looseObject({}) as TrainerDefinition<string, object>['options'];

/**
 * Options with the seed 0 unless they have one, so that a run has it among its params.
 * @param names the library's names for a seed
 */
export function withSeed<const Given extends TrainerOptions>(
  options: Given,
  names: readonly string[],
): Given {
  const isMistake = typeof options !== 'object' || options === null || Array.isArray(options);
  return isMistake || names.some((name) => Object.hasOwn(options, name)) ? options : { seed: 0, ...options };
}
