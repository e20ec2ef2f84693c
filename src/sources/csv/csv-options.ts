import { z } from 'zod';
import { PlatformError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import type { TableSchema } from '../../project/tables/table.ts';
import { dateForms } from './date-forms.ts';
import { isEncoding } from './encoding.ts';
import { decimals, delimiters, quotes } from '../../kernel/csv-marks.ts';
import type { CsvFormat } from './format.ts';

/** A form of dates that a column needs an option for. */
export type CsvDateForm = 'D/M/Y' | 'M/D/Y' | 'D.M.Y' | 'epoch s' | 'epoch ms' | 'year';

/** How `csv()` reads its files; see `CsvOptions`. */
export interface ReadCsvOptions extends Partial<CsvFormat> {
  readonly missing?: readonly string[];
  readonly dates?: Readonly<Record<string, string>>;
  readonly maxBadRows?: number;
}

const askedForms = dateForms.filter((form) => form.asked).map(({ name }) => name);

const schema = z.strictObject({
  delimiter: z.enum(delimiters).exactOptional(),
  quote: z.enum(quotes).exactOptional(),
  encoding: z
    .string()
    .refine(isEncoding, 'must be an encoding such as utf-8, utf-16le or windows-1252')
    .exactOptional(),
  decimal: z.enum(decimals).exactOptional(),
  header: z.boolean().exactOptional(),
  skip: z.int().min(0).exactOptional(),
  comment: z.string().min(1).exactOptional(),
  missing: z.array(z.string()).exactOptional(),
  dates: z.record(z.string(), z.enum(askedForms)).exactOptional(),
  maxBadRows: z.number().min(0).max(1).exactOptional(),
});

/** The options of a reader, as a task stores them. */
export function readCsvOptions(options: JsonObject): ReadCsvOptions {
  return schema.parse(options);
}

/**
 * The options that were given, for the task of the reader.
 * @throws PlatformError PROJECT_INVALID for an option with another value, and for a form of a column that has no dates
 */
export function checkedCsvOptions(
  { missing, dates, ...format }: ReadCsvOptions,
  { columns }: TableSchema,
): JsonObject {
  const given = Object.entries({ ...format, missing, dates }).filter(([, value]) => value !== undefined);
  const { success, error } = schema.safeParse(Object.fromEntries(given));
  if (!success) {
    const [issue] = error.issues;
    const name = issue?.path.join('.') ?? '';
    const value = issue?.path.reduce<unknown>(
      (inner, key) => (inner as Readonly<Record<PropertyKey, unknown>> | undefined)?.[key],
      Object.fromEntries(given),
    );
    throw invalidOption(name, value, issue?.message ?? '');
  }
  for (const column of Object.keys(dates ?? {})) {
    const type = columns.find(({ name }) => name === column)?.type;
    if (type !== 'date' && type !== 'timestamp')
      throw invalidOption(
        `dates.${column}`,
        type ?? 'no such column',
        'must name a column of `row` that is z.iso.date() or z.iso.datetime()',
      );
  }
  return Object.fromEntries(given) as JsonObject;
}

function invalidOption(name: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('PROJECT_INVALID', { field: `csv({ ${name} })`, value, remedy });
}
