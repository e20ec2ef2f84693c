import type { ValueSchema } from '../../kernel/schema-rule.ts';
import { decimalEvidence, type DecimalEvidence } from '../../sources/csv/sniff-decimal.ts';
import { type MissingValues, missingValues, unitOf } from '../../sources/csv/number-unit.ts';
import { isMissing, missingMarks, missingSet } from '../../sources/csv/values.ts';
import { type AskedReading, checkAskedDates, ofColumn } from './asked-reading.ts';
import { type BatchFormat, percent } from './batch-format.ts';
import type { BatchColumns } from './columns.ts';
import { dateFormOf } from './date-evidence.ts';
import { formatReading } from './format-reading.ts';
import type { FileLayout } from './read-file.ts';
import { kindsOf } from './request-values.ts';
import type { StatedSource } from './stated-source.ts';

interface FindFormat {
  /** The caller's name of the file, for errors. */
  readonly file: string;
  readonly layout: FileLayout;
  readonly columns: BatchColumns;
  readonly schema: Pick<ValueSchema, 'properties'>;
  /** The source that the model's rows come from. */
  readonly source?: StatedSource | undefined;
  /** Why no source is used, for people. */
  readonly undecided?: string | undefined;
  /** @default nothing */
  readonly asked?: AskedReading;
}

interface Cells {
  readonly column: string;
  readonly field: string;
  readonly cells: readonly string[];
}

/**
 * How the cells of a file are read: as the caller says, or else as its first rows show, or else as the source says.
 * @throws PlatformError INPUT_INVALID for dates that could be read in two ways, or have two forms
 */
export function findFormat(options: FindFormat): BatchFormat {
  const { file, layout, columns, schema, source, undecided, asked = {} } = options;
  checkAskedDates(asked, columns);
  const stated = source?.options ?? {};
  const missing = [...(stated.missing ?? missingMarks), ...(asked.missing ?? [])];
  const cellsOf = (isOfKind: (kind: ValueSchema) => boolean): readonly Cells[] =>
    columns.matched
      .filter(({ field }) => kindsOf(schema.properties?.[field] ?? {}).some(isOfKind))
      .map(({ field, index }) => ({
        field,
        column: columns.header[index] ?? '',
        cells: layout.sample.flatMap(({ fault, fields }) =>
          fault === undefined ? (fields[index] ?? '') : [],
        ),
      }));
  const numbers = cellsOf(({ type }) => type === 'number' || type === 'integer');
  const days = cellsOf(({ format }) => format === 'date' || format === 'date-time');
  const typed = [...numbers, ...days, ...cellsOf(({ type }) => type === 'boolean')];
  const missingBesides = marksIn(typed, missing);
  const marks = missingSet([...missing, ...missingBesides]);
  const filled = ({ cells }: Cells): readonly string[] => cells.filter((cell) => !isMissing(cell, marks));
  const decimals = decimalEvidence(numbers.flatMap(filled));
  const decimal = asked.decimal ?? decimals.decimal ?? stated.decimal ?? '.';
  const dates = days.map((cells) => dateOf(cells, { file, asked, source, filled: filled(cells) }));
  const found: FoundInCells = { decimals, missingBesides, dates };
  const format: BatchFormat = {
    ...layout.format,
    mark: layout.mark,
    missing,
    missingBesides,
    decimal,
    dates: Object.fromEntries(
      dates.flatMap(({ column, form }) => (form === undefined ? [] : [[column, form]])),
    ),
    currencies: Object.fromEntries(
      numbers.flatMap((cells) => signOf(cells, { decimal, missing: missingValues([...marks], decimal) })),
    ),
  };
  const reading = formatReading(format, { layout, found, source, asked });
  return { ...format, reading: [...(undecided === undefined ? [] : [undecided]), ...reading] };
}

/** What was found in the cells. */
export interface FoundInCells {
  readonly decimals: DecimalEvidence;
  readonly missingBesides: readonly string[];
  readonly dates: readonly FoundDates[];
}

/** The form of a column's dates, and who says so. */
export interface FoundDates {
  readonly column: string;
  /** Undefined for dates that need none. */
  readonly form: string | undefined;
  readonly by: 'asked' | 'source' | 'file';
}

function dateOf(
  { column, field }: Cells,
  {
    file,
    asked,
    source,
    filled,
  }: Pick<FindFormat, 'file' | 'source'> & {
    readonly asked: AskedReading;
    readonly filled: readonly string[];
  },
): FoundDates {
  const named = ofColumn(asked.dates, { column, field });
  if (named !== undefined) return { column, form: named, by: 'asked' };
  const stated = ofColumn(source?.options.dates, { column, field });
  const form = dateFormOf({ cells: filled, stated, field: `column "${column}" of ${file}`, column });
  return { column, form, by: form === stated ? 'source' : 'file' };
}

/** Usual words of a missing value that the columns have, and that are not listed: no number, date or boolean is written so. */
function marksIn(columns: readonly Cells[], missing: readonly string[]): readonly string[] {
  const listed = missingSet(missing);
  const others = missingMarks.filter((mark) => !isMissing(mark, listed));
  return others.filter((mark) => {
    const one = missingSet([mark]);
    return columns.some(({ cells }) => cells.some((cell) => isMissing(cell, one)));
  });
}

/** The sign of a column's numbers; nothing where the first rows leave it open. */
function signOf(
  { column, cells }: Cells,
  options: { readonly decimal: '.' | ','; readonly missing: MissingValues },
): readonly (readonly [column: string, sign: string])[] {
  const { isPercent, currency } = unitOf(cells, options);
  if (isPercent) return [[column, percent]];
  const sign = currency ?? (isPercent === undefined ? undefined : '');
  return sign === undefined ? [] : [[column, sign]];
}
