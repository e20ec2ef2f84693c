import { PlatformError } from '../../kernel/errors.ts';
import { type DateForm, dateForms, plainDateForms } from '../../sources/csv/date-forms.ts';

interface DateEvidence {
  /** The cells that are not missing. */
  readonly cells: readonly string[];
  /** The form that the source of the model's rows names. */
  readonly stated?: string | undefined;
  /** The column, for errors. */
  readonly field: string;
  /** The name to give the column a form. */
  readonly column: string;
}

/** More cells than this share, of those that are dates, make another form a reading of the column, and not a mistake in a cell. */
const mistakes = 0.05;

const remedyOf = (column: string): string =>
  `name it with --dates ${JSON.stringify(`${column}=…`)} (\`dates\` in the API), or write dates as 2024-01-31`;

/**
 * The form that a column's dates need: the one that reads most cells, and of two that read as many the stated one.
 * @returns undefined for dates that need no form, and for cells that are no dates
 * @throws PlatformError INPUT_INVALID for dates in two forms, and for those that could be read in two ways
 */
export function dateFormOf({ cells, stated, field, column }: DateEvidence): string | undefined {
  const asked = dateForms.filter((form) => form.asked);
  const dated = cells.filter((cell) => dateForms.some((form) => form.day(cell) !== undefined));
  const special = dated.filter((cell) => plainDateForms.every((form) => form.day(cell) === undefined));
  if (special.length === 0) return dated.length === 0 ? stated : undefined;
  const candidates = asked
    .map((form) => ({ form, unread: special.filter((cell) => form.day(cell) === undefined) }))
    .toSorted((a, b) => a.unread.length - b.unread.length);
  const [best] = candidates;
  if (!best) return undefined;
  const tied = candidates.filter(({ unread }) => unread.length === best.unread.length);
  const { form, unread } = tied.find((each) => each.form.name === stated) ?? best;
  if (unread.length > mistakes * dated.length) throw inTwoForms({ form, special, unread, field, column });
  if (form.name === stated || tied.length === 1) return form.name;
  const remedy = `is ${tied.map((each) => each.form.name).join(' or ')}, and no row says which: ${remedyOf(column)}`;
  throw new PlatformError('INPUT_INVALID', { field, value: special[0], remedy });
}

interface TwoForms extends Pick<DateEvidence, 'field' | 'column'> {
  readonly form: DateForm;
  readonly special: readonly string[];
  readonly unread: readonly string[];
}

/** 'has dates in two forms: 31/01/2024 is D/M/Y and 01/28/2024 is M/D/Y' */
function inTwoForms({ form, special, unread: [other = ''], field, column }: TwoForms): PlatformError {
  const certain = special.find((cell) => form.day(cell) !== undefined && readersOf(cell).length === 1);
  const read = certain ?? special.find((cell) => form.day(cell) !== undefined) ?? '';
  const remedy = `has dates in two forms, ${read} as ${form.name} and ${other} as ${readersOf(other)[0]}: ${remedyOf(column)}`;
  return new PlatformError('INPUT_INVALID', { field, value: other, remedy });
}

function readersOf(cell: string): readonly string[] {
  return dateForms.filter((form) => form.asked && form.day(cell) !== undefined).map(({ name }) => name);
}
