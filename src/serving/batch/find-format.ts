import { PlatformError } from '../../kernel/errors.ts';
import type { ValueSchema } from '../../kernel/schema-rule.ts';
import { dateForms, plainDateForms } from '../../sources/csv/date-forms.ts';
import { decimalEvidence } from '../../sources/csv/sniff-decimal.ts';
import { isMissing, missingMarks, missingSet } from '../../sources/csv/values.ts';
import type { BatchFormat } from './batch-format.ts';
import type { BatchColumns } from './columns.ts';
import type { FileLayout } from './read-file.ts';
import { kindsOf } from './request-values.ts';
import type { SourceOptions } from './source-options.ts';

interface FindFormat {
  /** The caller's name of the file, for errors. */
  readonly file: string;
  readonly layout: FileLayout;
  readonly columns: BatchColumns;
  readonly schema: Pick<ValueSchema, 'properties'>;
  readonly source: SourceOptions;
}

interface Cells {
  readonly column: string;
  readonly cells: readonly string[];
}

/**
 * How the cells of a file are read: as its first rows say, or else as the options of the project's source.
 * @throws PlatformError INPUT_INVALID for dates that could be read in two ways
 */
export function findFormat({ file, layout, columns, schema, source }: FindFormat): BatchFormat {
  const missing = source.missing ?? missingMarks;
  const marks = missingSet(missing);
  const cellsOf = (isOfKind: (kind: ValueSchema) => boolean): readonly Cells[] =>
    columns.matched
      .filter(({ field }) => kindsOf(schema.properties?.[field] ?? {}).some(isOfKind))
      .map(({ index }) => ({
        column: columns.header[index] ?? '',
        cells: layout.sample
          .map(({ fields }) => fields[index] ?? '')
          .filter((cell) => !isMissing(cell, marks)),
      }));
  const numbers = cellsOf(({ type }) => type === 'number' || type === 'integer').flatMap(
    ({ cells }) => cells,
  );
  const days = cellsOf(({ format }) => format === 'date' || format === 'date-time');
  return {
    ...layout.format,
    mark: layout.mark,
    missing,
    decimal: decimalEvidence(numbers).decimal ?? source.decimal ?? '.',
    dates: Object.fromEntries(
      days.flatMap(({ column, cells }) => {
        const { dates = {} } = source;
        const stated = Object.hasOwn(dates, column) ? dates[column] : undefined;
        const form = stated ?? dateFormOf(cells, `column "${column}" of ${file}`);
        return form === undefined ? [] : [[column, form]];
      }),
    ),
  };
}

/** @returns undefined for dates that need no option, and where no form fits */
function dateFormOf(cells: readonly string[], field: string): string | undefined {
  const count = (fits: (cell: string) => boolean): number => cells.filter(fits).length;
  const plain = count((cell) => plainDateForms.some((form) => form.day(cell) !== undefined));
  const asked = dateForms
    .filter((form) => form.asked)
    .map((form) => ({ name: form.name, fits: count((cell) => form.day(cell) !== undefined) }))
    .toSorted((a, b) => b.fits - a.fits);
  const [best, second] = asked;
  if (!best || best.fits <= plain) return undefined;
  if (best.fits > (second?.fits ?? 0)) return best.name;
  const value = cells.find(
    (cell) => dateForms.find(({ name }) => name === best.name)?.day(cell) !== undefined,
  );
  const remedy = `is ${best.name} or ${second?.name}, and no row says which: write dates as 2024-01-31`;
  throw new PlatformError('INPUT_INVALID', { field, value, remedy });
}
