import type { z } from 'zod';
import type { OneOrMore } from '../../project/tables/checks.ts';
import type { Origin } from '../../project/tables/origin.ts';
import type { Reader, ReadFunction } from '../../project/tables/source.ts';
import { type RowOfShape, table, type TimesOfShape } from '../../project/tables/table.ts';
import { checkedCsvOptions, type CsvDateForm } from './csv-options.ts';
import type { Decimal, Delimiter, Quote } from './format.ts';
import { readCsv } from './read-csv.ts';

export interface CsvOptions<Shape extends z.ZodRawShape> {
  /**
   * Files, folders, archives, addresses, `http()` or simulations. Of several files, those that end in .csv, .tsv or .txt are
   * read, and those without an ending if there are none.
   */
  readonly from: OneOrMore<Origin>;
  /** The row's schema. Its names are names of the header, in any order; other columns are ignored. */
  readonly row: z.ZodObject<Shape>;
  /** ' ' for any number of blanks and tabs. @default found in the file */
  readonly delimiter?: Delimiter;
  /**
   * A backslash and a quote if quotes in quotes have a backslash before them; 'none' if quotes are characters like any other.
   * @default '"'
   */
  readonly quote?: Quote;
  /**
   * A label of the WHATWG encoding standard, such as 'windows-1252' or 'shift_jis'.
   * @default UTF-8, or UTF-16 if the file begins with its byte order mark
   */
  readonly encoding?: string;
  /** The decimal mark of numbers; thousands marks need no option. @default '.' */
  readonly decimal?: Decimal;
  /** Without a header, the file has the columns of `row` in their order. @default true */
  readonly header?: boolean;
  /** Lines before the header, such as titles. @default 0 */
  readonly skip?: number;
  /** How a line begins that is a comment: '#'. @default none */
  readonly comment?: string;
  /**
   * What means a missing value, whatever its case, with blanks around it or not: null in a `.nullable()` column, absent in an
   * `.optional()` one. Text in another column stays text, except an empty cell, which is an error there.
   * @default ['', 'NA', 'N/A', 'NaN', 'null', '?', '-', '.']
   */
  readonly missing?: readonly string[];
  /**
   * Forms of columns whose dates could mean another day: `{ sold: 'D/M/Y' }` reads 01/02/2024 as 1 February. ISO dates and
   * times, 2024/1/31, 20240131, 31 Jan 2024, 2024-01 and 2024Q1 need none. A time without a zone is in UTC.
   */
  readonly dates?: { readonly [Name in keyof Shape & string]?: CsvDateForm };
  /**
   * Rows that cannot be read, or that break the schema of `row` (an enum, a bound, a pattern), are set aside and listed with
   * file, line and reason, up to this share of all rows; more are an error. @default 0.05
   */
  readonly maxBadRows?: number;
}

/**
 * Rows of CSV files, each with a header, in order of file name. Numbers can have thousands marks, a currency sign or a
 * percent sign (45% is 45, and all of a column have it or none); booleans are true, yes, y, 1 and their opposites; dates and times become ISO. Text keeps leading
 * zeros. Blanks around fields without quotes are dropped.
 * @example
 * csv({ from: 'data/houses.csv', row: z.object({ area: z.number(), built: z.iso.date(), price: z.number() }) })
 * csv({ from: 'sales.csv.gz', row: Sale, decimal: ',', encoding: 'windows-1252', dates: { sold: 'D.M.Y' } })
 * @throws PlatformError PROJECT_INVALID naming an option that has another value
 */
export function csv<Shape extends z.ZodRawShape>(
  options: CsvOptions<Shape>,
): Reader<RowOfShape<Shape>, TimesOfShape<Shape>> {
  const { from, row, ...given } = options;
  const declared = table(row);
  return {
    kind: 'csv',
    version: 4,
    from,
    options: checkedCsvOptions(given as Parameters<typeof checkedCsvOptions>[0], declared.schema),
    table: declared,
    read: readCsv as ReadFunction<RowOfShape<Shape>>,
  };
}
