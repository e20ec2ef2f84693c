import { z } from 'zod';
import type { JsonObject } from '../kernel/json.ts';

/** Values of the project file, which are part of a task's key as they are. */
export const jsonObject = z.custom<JsonObject>((value) => typeof value === 'object' && value !== null);
