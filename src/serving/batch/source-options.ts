import { z } from 'zod';
import { type ReadCsvOptions, readCsvOptions } from '../../sources/csv/csv-options.ts';
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

/** A layout that a file may have because a source has it. */
export interface SourceLayout {
  readonly format: Partial<
    Pick<ReadCsvOptions, 'delimiter' | 'quote' | 'encoding' | 'skip' | 'comment' | 'header'>
  >;
  /** The columns of its `row`, in their order: those of a file without a header. */
  readonly columns: readonly string[];
}

/** The layouts that the CSV sources with these fields state; none for a source that leaves it to the file. */
export function layoutsOfSources(
  sources: readonly Pick<Source, 'reader'>[],
  fields: readonly string[],
): readonly SourceLayout[] {
  return sources.flatMap(({ reader }) => {
    const columns = reader.table.schema.columns.map(({ name }) => name);
    if (reader.kind !== 'csv' || !columns.some((name) => fields.includes(name))) return [];
    const { delimiter, quote, encoding, skip, comment, header } = readCsvOptions(reader.options);
    if (skip === undefined && comment === undefined && header !== false) return [];
    const format = Object.fromEntries(
      Object.entries({ delimiter, quote, encoding, skip, comment, header: header !== false }).filter(
        ([, value]) => value !== undefined,
      ),
    );
    return [{ format, columns }];
  });
}
