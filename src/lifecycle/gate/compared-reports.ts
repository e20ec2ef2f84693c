import { z } from 'zod';
import { digestSchema } from '../../pipeline/stored-result.ts';

/** The reports of a new and of the live version about the same test rows. */
export const comparedReports = z.object({
  /** The live version. */
  version: z.number(),
  champion: digestSchema,
  candidate: digestSchema,
});
export type ComparedReports = z.infer<typeof comparedReports>;
