import { formatList } from '../../kernel/format-list.ts';
import type { CsvFormat } from '../../sources/csv/format.ts';
import type { AskedReading } from './asked-reading.ts';
import type { BatchFormat } from './batch-format.ts';
import type { FoundInCells } from './find-format.ts';
import type { FileLayout } from './read-file.ts';
import type { StatedSource } from './stated-source.ts';

interface ReadingOf {
  readonly layout: FileLayout;
  readonly found: FoundInCells;
  readonly source: StatedSource | undefined;
  readonly asked: AskedReading;
}

const delimiterNames: Readonly<Record<string, string>> = { '\t': 'tabs' };
const quoteNames: Readonly<Record<string, string>> = { "'": 'in single quotes', none: 'without quotes' };

/**
 * How a file is read, in sentences that say who says so: 'assumed: numbers have a decimal comma'. Nothing about what is usual
 * or what the caller has found.
 */
export function formatReading(format: BatchFormat, reading: ReadingOf): readonly string[] {
  const { source } = reading;
  const bySource = (text: string): string => `as the source "${source?.name}" says: ${text}`;
  return layoutSentences(format, reading)
    .concat(cellSentences(format, reading))
    .map(({ by, text }) => (by === 'source' ? bySource(text) : by === 'file' ? `assumed: ${text}` : text));
}

interface Sentence {
  /** Undefined for what the file states itself. */
  readonly by: 'source' | 'file' | undefined;
  readonly text: string;
}

function layoutSentences(format: BatchFormat, { layout, asked }: ReadingOf): readonly Sentence[] {
  const { delimiter, quote, encoding, comment, header } = format;
  const by = (option: keyof CsvFormat): Sentence['by'] =>
    layout.stated.includes(option) ? 'source' : 'file';
  const of = (option: keyof CsvFormat, text: string): readonly Sentence[] =>
    asked[option] === undefined ? [{ by: by(option), text }] : [];
  const isMarked = layout.mark && by('encoding') === 'file';
  return [
    ...(delimiter === ','
      ? []
      : of('delimiter', `columns are separated by ${delimiterNames[delimiter] ?? `"${delimiter}"`}`)),
    ...(quote === '"' ? [] : of('quote', `fields are ${quoteNames[quote] ?? quote}`)),
    ...(encoding === 'utf-8'
      ? []
      : of('encoding', `the text is ${encoding}; the output is UTF-8`).map((each) =>
          isMarked ? { ...each, by: undefined } : each,
        )),
    ...skipSentences(format, { layout, asked, by: by('skip') }),
    ...(comment === undefined ? [] : of('comment', `lines that begin with ${comment} are comments`)),
    ...(header ? [] : of('header', 'the file has no header')),
    ...layout.renamed.map((text): Sentence => ({ by: 'file', text: `in the header, ${text}` })),
  ];
}

function skipSentences(
  { skip }: BatchFormat,
  { layout: { leading }, asked, by }: Pick<ReadingOf, 'layout' | 'asked'> & { readonly by: Sentence['by'] },
): readonly Sentence[] {
  if (skip === 0 || asked.skip !== undefined) return [];
  const what = {
    titles: ['is a title', 'are titles'],
    comments: ['is a comment', 'are comments'],
    both: ['', 'are titles and comments'],
  };
  const [one, many] = what[leading ?? 'titles'];
  return [{ by, text: skip === 1 ? `the first line ${one}` : `the first ${skip} lines ${many}` }];
}

function cellSentences(
  { decimal }: BatchFormat,
  { found: { decimals, missingBesides, dates }, source, asked }: ReadingOf,
): readonly Sentence[] {
  const isAsked = asked.decimal !== undefined;
  const decimalBy =
    decimals.decimal === undefined && source?.options.decimal !== undefined ? 'source' : 'file';
  const marks = missingBesides.map((word) => (word === '' ? 'an empty cell' : `"${word}"`));
  const usual = decimal === '.' && (decimals.ambiguous === undefined || decimalBy === 'source');
  return [
    ...(isAsked || usual
      ? []
      : decimal === ','
        ? [{ by: decimalBy, text: 'numbers have a decimal comma' } as const]
        : [{ by: decimalBy, text: `${decimals.ambiguous} is a number with a thousands mark` } as const]),
    ...(marks.length === 0
      ? []
      : [
          {
            by: 'file',
            text: `${formatList(marks)} ${marks.length === 1 ? 'means' : 'mean'} a missing value where a number, a date or a truth value is expected`,
          } as const,
        ]),
    ...dates.flatMap(({ column, form, by }): readonly Sentence[] =>
      form === undefined || by === 'asked' ? [] : [{ by, text: `dates of "${column}" are ${form}` }],
    ),
  ];
}
