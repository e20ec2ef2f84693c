import { z } from 'zod';
import type { Target } from '../../project/models/kind.ts';

/** What a model's file of the library does not say, in a file beside it. */
export const libraryHeader = z.object({
  format: z.literal(1),
  features: z.array(z.string()),
  target: z.custom<Target>((value) => typeof value === 'object' && value !== null && 'kind' in value),
});
