import { z } from 'zod';
import type { Source } from '../../project/tables/source.ts';

/** What `csv()` says of the cells of a project's data, so that a file that is written alike means the same. */
export interface SourceOptions {
  readonly decimal?: '.' | ',' | undefined;
  readonly missing?: readonly string[] | undefined;
  /** The form of dates by column. */
  readonly dates?: Readonly<Record<string, string>> | undefined;
}

const stated: z.ZodType<SourceOptions> = z.object({
  decimal: z.enum(['.', ',']).optional(),
  missing: z.array(z.string()).optional(),
  dates: z.record(z.string(), z.string()).optional(),
});

/** The options of the first CSV source that has one of these columns; none without such a source. */
export function optionsOfSource(
  sources: readonly Pick<Source, 'reader'>[],
  columns: readonly string[],
): SourceOptions {
  const source = sources.find(
    ({ reader }) =>
      reader.kind === 'csv' && reader.table.schema.columns.some(({ name }) => columns.includes(name)),
  );
  return stated.safeParse(source?.reader.options).data ?? {};
}
