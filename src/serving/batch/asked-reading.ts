import { PlatformError } from '../../kernel/errors.ts';
import { dateForm, dateForms } from '../../sources/csv/date-forms.ts';
import { isEncoding } from '../../sources/csv/encoding.ts';
import type { CsvFormat } from '../../sources/csv/format.ts';
import type { BatchColumns } from './columns.ts';

export type AskedFormat = { readonly [Option in keyof CsvFormat]?: CsvFormat[Option] | undefined };

/** How a caller says that a file is written; the rest is found in it. */
export interface AskedReading extends AskedFormat {
  /** Words of a missing value, besides those of the source or the usual ones. */
  readonly missing?: readonly string[] | undefined;
  /** Forms of dates, by column of the file or field of the request. */
  readonly dates?: Readonly<Record<string, string>> | undefined;
}

/**
 * Forms of dates by column.
 * @param texts such as 'sold=D/M/Y'
 * @throws PlatformError INPUT_INVALID for a text without a form
 */
export function parseAskedDates(texts: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.lastIndexOf('=');
      const form = dateForm(text.slice(at + 1));
      if (at > 0 && form) return [text.slice(0, at), form.name];
      throw new PlatformError('INPUT_INVALID', {
        field: 'dates',
        value: text,
        remedy: `must be a column, = and a form such as sold=D/M/Y; the forms are ${dateForms.map(({ name }) => name).join(', ')}`,
      });
    }),
  );
}

/** What is said of a column, under its own name or that of its field. */
export function ofColumn(
  stated: Readonly<Record<string, string>> | undefined,
  names: { readonly column: string; readonly field: string },
): string | undefined {
  for (const name of [names.column, names.field])
    if (stated && Object.hasOwn(stated, name)) return stated[name];
  return undefined;
}

/** @throws PlatformError INPUT_INVALID for an unknown encoding */
export function checkAskedEncoding({ encoding }: AskedReading): void {
  if (encoding === undefined || isEncoding(encoding)) return;
  const remedy = 'must be an encoding such as utf-8, utf-16le or windows-1252';
  throw new PlatformError('INPUT_INVALID', { field: 'encoding', value: encoding, remedy });
}

/** @throws PlatformError INPUT_INVALID for a form of dates of a column that the model does not read */
export function checkAskedDates({ dates = {} }: AskedReading, { header, matched }: BatchColumns): void {
  for (const [name, form] of Object.entries(dates))
    if (!matched.some(({ field, index }) => field === name || header[index] === name))
      throw new PlatformError('INPUT_INVALID', {
        field: 'dates',
        value: `${name}=${form}`,
        remedy: `must name a column that the model reads, such as ${matched[0]?.field ?? 'sold'}`,
      });
}
