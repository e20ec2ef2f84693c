import { type ErrorDetail, PlatformError } from '../../kernel/errors.ts';
import { formatList } from '../../kernel/format-list.ts';
import { nearestName } from '../../kernel/nearest-name.ts';
import type { ValueSchema } from '../../kernel/schema-rule.ts';

/** How many misspelt columns an error names. */
const mostMeant = 3;

/** Which column of a file is which field of a request. Columns are named by their index. */
export interface BatchColumns {
  /** The names of the file's columns, each once. */
  readonly header: readonly string[];
  /** The header as the file has it, where it differs. */
  readonly written?: readonly string[];
  readonly matched: readonly { readonly field: string; readonly index: number }[];
  /** Columns that are no field of the request. */
  readonly ignored: readonly number[];
  /** Optional fields without a column. */
  readonly absent: readonly string[];
}

/**
 * Matches columns to the fields of a request: by the same name, or else by the only name that has the same letters and digits.
 * @throws PlatformError INPUT_INVALID naming the required fields without a column
 */
export function matchColumns(
  file: string,
  header: readonly string[],
  { properties = {}, required = [] }: Pick<ValueSchema, 'properties' | 'required'>,
): BatchColumns {
  const fields = Object.keys(properties);
  const found = fields.map((field) => ({ field, indexes: columnsOf(field, header, fields) }));
  const unclear = found.filter(({ indexes }) => indexes.length > 1);
  const missing = found.filter(({ field, indexes }) => indexes.length === 0 && required.includes(field));
  const [first, ...more] = [
    ...(missing.length > 0
      ? [missingColumns(file, { header, fields, missing: missing.map(({ field }) => field) })]
      : []),
    ...unclear.map(({ field, indexes }) =>
      unclearColumn(
        file,
        field,
        indexes.map((index) => header[index]),
      ),
    ),
  ];
  if (first) throw new PlatformError('INPUT_INVALID', { ...first, ...(more.length > 0 && { more }) });
  const matched = found.flatMap(({ field, indexes: [index] }) =>
    index === undefined ? [] : [{ field, index }],
  );
  if (matched.length === 0)
    throw new PlatformError('INPUT_INVALID', missingColumns(file, { header, fields, missing: fields }));
  return {
    header,
    matched,
    ignored: header.flatMap((_name, index) => (matched.some((each) => each.index === index) ? [] : [index])),
    absent: fields.filter((field) => !matched.some((each) => each.field === field)),
  };
}

/**
 * Refuses a file with two columns of the same name for one field. If the training data repeats a name too, 'x' and 'x 2' are
 * two fields, and each has its column.
 * @param written the header as the file has it
 * @throws PlatformError INPUT_INVALID
 */
export function refuseRepeated(
  file: string,
  { matched, ignored }: Pick<BatchColumns, 'matched' | 'ignored'>,
  written: readonly string[],
): void {
  for (const { field, index } of matched) {
    const name = written[index]?.trim() ?? '';
    const others = ignored.filter((other) => name !== '' && written[other]?.trim() === name);
    if (others.length > 0)
      throw new PlatformError('INPUT_INVALID', {
        field: `header of ${file}`,
        value: written,
        remedy: `must have one column ${JSON.stringify(name)} for the field ${JSON.stringify(field)}: remove or rename ${others.length === 1 ? 'the other' : 'the others'}`,
      });
  }
}

function columnsOf(field: string, header: readonly string[], fields: readonly string[]): readonly number[] {
  const exact = indexesWhere(header, (name) => name === field);
  if (exact.length > 0) return exact;
  const key = plain(field);
  if (key === '' || fields.some((other) => other !== field && plain(other) === key)) return [];
  return indexesWhere(header, (name) => !fields.includes(name) && plain(name) === key);
}

function indexesWhere(header: readonly string[], fits: (name: string) => boolean): readonly number[] {
  return header.flatMap((name, index) => (fits(name.trim()) ? [index] : []));
}

/** 'Median income (k$)' and 'medianIncomeK' have the same letters and digits. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}

function missingColumns(
  file: string,
  {
    header,
    fields,
    missing,
  }: {
    readonly header: readonly string[];
    readonly fields: readonly string[];
    readonly missing: readonly string[];
  },
): ErrorDetail {
  const names = formatList(missing.map((name) => JSON.stringify(name)));
  const what = missing.length === 1 ? 'the column' : 'the columns';
  const unused = header.filter((name) => !fields.some((field) => plain(field) === plain(name)));
  const meant = missing.flatMap((field) => {
    const nearest = nearestName(field, unused);
    return nearest === undefined ? [] : [`${JSON.stringify(nearest)} for ${JSON.stringify(field)}`];
  });
  const hint = meant.length > 0 ? `; rename ${formatList(meant.slice(0, mostMeant))} if that is meant` : '';
  return { field: `header of ${file}`, value: header, remedy: `must have ${what} ${names}${hint}` };
}

function unclearColumn(file: string, field: string, names: readonly unknown[]): ErrorDetail {
  return {
    field: `header of ${file}`,
    value: names,
    remedy: `must have one column for the field ${JSON.stringify(field)}`,
  };
}
