import { z } from 'zod';
import { nearestName } from '../../kernel/nearest-name.ts';
import { formatNames } from '../../kernel/format-names.ts';
import type { TrainerDefinition, TrainerOptions } from '../../project/models/trainer.ts';

/** The option that Modelyard itself reads. */
const ours = 'categories';

/**
 * Names that a library does not have, a sentence each. Its version is fixed, so that no other names are right.
 * @param of what has the options, for the sentence: 'XGBoost'
 */
export function unknownOptions(
  options: TrainerOptions,
  names: readonly string[],
  of: string,
): readonly string[] {
  const all = [...names, ours];
  return Object.keys(options)
    .filter((name) => !all.includes(name))
    .map((name) => {
      const meant = nearestName(name, all);
      const hint = meant === undefined ? '' : `: did you mean ${meant}?`;
      return `trainer.${name} is not an option of ${of}${hint} (${formatNames(names)})`;
    });
}

/**
 * Any options. Their values are checked by the library when it fits.
 * @param reserved options that Modelyard sets itself, so that a value of the project would have no effect
 */
export function libraryOptions(
  reserved: readonly string[] = [],
): TrainerDefinition<string, TrainerOptions>['options'] {
  const none: z.ZodType = z.never().optional();
  const shape = Object.fromEntries(reserved.map((name) => [name, none]));
  return z.looseObject(shape) as TrainerDefinition<string, TrainerOptions>['options'];
}
