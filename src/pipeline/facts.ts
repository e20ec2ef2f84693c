import { z } from 'zod';
import { formatCount } from '../kernel/units.ts';

/** A measured number. JSON stores NaN and infinities as null, which is read back as NaN and never as 0. */
export const measurement = z
  .union([z.custom<number>((value) => typeof value === 'number'), z.null()])
  .transform((value) => value ?? Number.NaN);

/** '1 row', '96,214 rows' */
export function countOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}
