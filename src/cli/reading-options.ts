import type { Operations } from '../api/routes.ts';
import { PlatformError } from '../kernel/errors.ts';
import { decimals, delimiters, quotes } from '../kernel/csv-marks.ts';
import type { InputOf, OptionSpec } from './command.ts';

/** The options that say how a CSV file to predict is written. */
export const readingOptions = {
  delimiter: {
    kind: 'text',
    value: 'character',
    help: 'what separates the columns: , ; | tab or blank, for any number of blanks (default: found in the file)',
  },
  quote: {
    kind: 'text',
    value: 'character',
    help: 'what is around fields: " or \' or none, or \\" where quotes in quotes have a backslash (default: found in the file)',
  },
  encoding: {
    kind: 'text',
    value: 'name',
    help: 'such as windows-1252 or shift_jis (default: found in the file)',
  },
  decimal: {
    kind: 'text',
    value: 'mark',
    help: 'the decimal mark of numbers: . or , (default: found in the file)',
  },
  header: {
    kind: 'off',
    help: 'the first line is a row: the columns are those of the training data, in their order',
  },
  skip: { kind: 'text', value: 'lines', help: 'lines before the header (default: found in the file)' },
  comment: { kind: 'text', value: 'text', help: 'how a line begins that is a comment and no row' },
  missing: {
    kind: 'repeated',
    value: 'text',
    help: 'a text that means a missing value, besides the usual ones',
  },
  dates: {
    kind: 'repeated',
    value: 'column=form',
    help: 'how a column writes its dates: D/M/Y, M/D/Y, D.M.Y, epoch s, epoch ms or year',
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;

type Given = InputOf<Readonly<Record<never, never>>, typeof readingOptions>;

/** What a request for a batch says of its file. */
export type AskedInput = Pick<Parameters<Operations['createBatch']>[0], keyof typeof readingOptions>;

/** @throws PlatformError CONFIG_INVALID for a value that an option cannot have */
export function askedReading({
  delimiter,
  quote,
  encoding,
  decimal,
  header,
  skip,
  comment,
  missing,
  dates,
}: Given): AskedInput {
  return {
    ...(delimiter !== undefined && {
      delimiter: oneOf('--delimiter', delimiterOf(delimiter), delimiters),
    }),
    ...(quote !== undefined && { quote: oneOf('--quote', quote, quotes) }),
    ...(encoding !== undefined && { encoding }),
    ...(decimal !== undefined && { decimal: oneOf('--decimal', decimal, decimals) }),
    ...(header === false && { header }),
    ...(skip !== undefined && { skip: linesOf(skip) }),
    ...(comment !== undefined && { comment }),
    ...(missing && { missing: [...missing] }),
    ...(dates && { dates: [...dates] }),
  };
}

/** Of characters that are hard to type in a shell. */
const names: ReadonlyMap<string, string> = new Map([
  ['\t', 'tab'],
  [' ', 'blank'],
]);

function delimiterOf(text: string): string {
  if (text === '\\t') return '\t';
  return [...names].find(([, name]) => name === text)?.[0] ?? text;
}

function oneOf<const Value extends string>(field: string, value: string, values: readonly Value[]): Value {
  const found = values.find((each) => each === value);
  if (found !== undefined) return found;
  const remedy = `must be ${values.map((each) => names.get(each) ?? each).join(' ')}`;
  throw new PlatformError('CONFIG_INVALID', { field, value, remedy });
}

function linesOf(text: string): number {
  const lines = Number(text);
  if (/^\d{1,9}$/.test(text)) return lines;
  throw new PlatformError('CONFIG_INVALID', {
    field: '--skip',
    value: text,
    remedy: 'must be a number of lines',
  });
}
