import { z } from 'zod';
import { defineTrainer } from './trainer.ts';

const never = (): Promise<never> => Promise.reject(new Error('for declarations alone'));
const untriable = {
  name: 'stumps',
  options: z.object({
    depth: z.int().min(1).max(16).default(6),
    learningRate: z.number().gt(0).max(1).default(0.1),
    loss: z.enum(['squared', 'absolute']).default('squared'),
  }),
  learns: ['number'],
  fit: never,
  open: never,
} as const;

/** For tests of declarations: trainers with options that never run. */
export const stumpsDefinition = { ...untriable, trial: never } as const;
export const stumps = defineTrainer(stumpsDefinition);
export const untried = defineTrainer(untriable);
