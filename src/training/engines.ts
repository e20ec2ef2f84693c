import { PlatformError } from '../kernel/errors.ts';
import { boostedTreesEngine } from './boosted-trees/engine.ts';
import type { TrainerEngine } from './trainer.ts';

const engines: Readonly<Record<string, TrainerEngine>> = { 'boosted-trees': boostedTreesEngine };

/** The engine of a trainer's name. @throws PlatformError PROJECT_INVALID for a name that this build does not have */
export function engineOf(trainer: string): TrainerEngine {
  const engine = Object.hasOwn(engines, trainer) ? engines[trainer] : undefined;
  if (engine) return engine;
  const remedy = `This build trains ${Object.keys(engines).join(', ')}.`;
  throw new PlatformError('PROJECT_INVALID', { field: 'trainer', value: trainer, remedy });
}
