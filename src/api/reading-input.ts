import { z } from 'zod';
import { decimals, delimiters, quotes } from '../kernel/csv-marks.ts';

/** A query can only hold text. */
export const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);

/** One or more texts: a query has them as `name=a&name=b`. */
const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

/** How a CSV file is written: the options of `csv()`, with what is not given found in the file. */
export const readingInput = {
  delimiter: z.enum(delimiters).optional(),
  quote: z.enum(quotes).optional(),
  /** A label of the WHATWG encoding standard. */
  encoding: z.string().min(1).max(40).optional(),
  decimal: z.enum(decimals).optional(),
  /** Whether the first line has the names of the columns. @default true */
  header: flag.optional(),
  /** Lines before the header. */
  skip: z.coerce.number().int().min(0).optional(),
  /** How a line begins that is a comment. */
  comment: z.string().min(1).optional(),
  /** Words of a missing value, besides those of the source or the usual ones. */
  missing: texts.optional(),
  /** Forms of dates, as 'sold=D/M/Y'. */
  dates: texts.optional(),
};
