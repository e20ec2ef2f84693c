import { z } from 'zod';
import { type Digest, isDigest } from '../kernel/digest.ts';
import type { Json } from '../kernel/json.ts';
import type { TaskResult } from './task.ts';

const digest = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));

/** A result as stores keep it; what does not fit is no result, and its task runs again. */
export const taskResult: z.ZodType<TaskResult> = z.object({
  key: digest,
  task: z.string(),
  outputs: z.record(z.string(), digest),
  facts: z.record(z.string(), z.json() as z.ZodType<Json>),
  startedAt: z.number(),
  endedAt: z.number(),
});

/** Which result a task left last. */
export const resultPointer = z.object({ task: z.string(), key: digest });
