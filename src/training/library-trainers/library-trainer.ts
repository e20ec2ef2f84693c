import type { Kind } from '../../project/models/kind.ts';
import { isOptions } from '../../project/models/trainer-shape.ts';
import type { Trainer, TrainerDefinition, TrainerOptions } from '../../project/models/trainer.ts';

/** Takes options of the library and returns a trainer for a model. */
export interface LibraryTrainer {
  <const Given extends TrainerOptions>(options: Given): Trainer<string, Given, Kind>;
  readonly definition: TrainerDefinition;
}

/** @param seeds the library's names for a seed */
export function libraryTrainer(definition: TrainerDefinition, seeds: readonly string[]): LibraryTrainer {
  const type: LibraryTrainer = Object.assign(
    <const Given extends TrainerOptions>(options: Given = {} as Given): Trainer<string, Given, Kind> => ({
      kind: 'trainer',
      name: definition.name,
      options: withSeed(options, seeds),
      type,
    }),
    { definition },
  );
  return type;
}

/** Options with the seed 0 unless they have one, so that a run has it among its params. */
function withSeed<const Given extends TrainerOptions>(options: Given, names: readonly string[]): Given {
  return !isOptions(options) || names.some((name) => Object.hasOwn(options, name))
    ? options
    : { seed: 0, ...options };
}
