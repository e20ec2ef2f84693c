import { z } from 'zod';
import { type Digest, isDigest } from '../kernel/digest.ts';
import type { Json } from '../kernel/json.ts';
import type { TaskResult } from './task.ts';

/** A digest in stored JSON. */
export const digestSchema = z.custom<Digest>((value) => typeof value === 'string' && isDigest(value));

/** A stored result. An invalid one is ignored, and its task runs again. */
export const taskResult: z.ZodType<TaskResult> = z.object({
  key: digestSchema,
  task: z.string(),
  outputs: z.record(z.string(), digestSchema),
  facts: z.record(z.string(), z.json() as z.ZodType<Json>),
  startedAt: z.number(),
  endedAt: z.number(),
});

/** The key of a task's last result. */
export const resultPointer = z.object({ task: z.string(), key: digestSchema });
