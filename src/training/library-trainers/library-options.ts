import { z } from 'zod';
import type { TrainerDefinition, TrainerOptions } from '../../project/models/trainer.ts';

/** Any options: the library checks them when it fits. */
export const libraryOptions = z.looseObject({}) as TrainerDefinition<string, TrainerOptions>['options'];
