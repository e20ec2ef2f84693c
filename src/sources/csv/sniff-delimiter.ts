import { delimiters } from '../../kernel/csv-marks.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { CsvFormat, Delimiter, Quote } from './format.ts';
import { type Sample, sampleOf } from './sample.ts';

/** How to split a file into fields. */
export interface Splitting {
  readonly delimiter: Delimiter;
  readonly quote: Quote;
  readonly sample: Sample;
}

type Given = Partial<Pick<CsvFormat, 'delimiter' | 'quote' | 'skip' | 'comment'>>;

/** Formats that fit about as many records are told apart by their cells. */
const closeFit = 0.1;

/** The delimiter with which most records have the same number of fields; of several, the one with most numbers and dates. */
export function guessDelimiter(text: string, given: Given): Splitting {
  const quote = given.quote ?? '"';
  const splitBy = (delimiter: Delimiter): Splitting => ({
    delimiter,
    quote,
    sample: sampleOf(text, { ...given, delimiter, quote }),
  });
  const best = given.delimiter === undefined ? bestBy(splitBy) : splitBy(given.delimiter);
  if (given.quote !== undefined) return best;
  if (isSingleQuoted(best.sample)) return guessDelimiter(text, { ...given, quote: "'" });
  if (!text.includes('\\"')) return best;
  const escaped = guessDelimiter(text, { ...given, quote: '\\"' });
  return escaped.sample.fit > best.sample.fit ? escaped : best;
}

/** Blanks are in text too, so they are looked at apart. */
const marks = delimiters.filter((delimiter) => delimiter !== ' ');

/** @throws PlatformError DATA_INVALID of a delimiter that splits a record into too many fields, if no other one splits the file */
function bestBy(splitBy: (delimiter: Delimiter) => Splitting): Splitting {
  const faults: PlatformError[] = [];
  const orNothing = (delimiter: Delimiter): Splitting => {
    try {
      return splitBy(delimiter);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      faults.push(error);
      return { delimiter, quote: '"', sample: { records: [], width: 0, fit: 0 } };
    }
  };
  const best = bestOf(marks.map(orNothing), orNothing(' '));
  const [fault] = faults;
  if (fault && best.sample.width < 2) throw fault;
  return best;
}

function bestOf(candidates: readonly Splitting[], blanks: Splitting): Splitting {
  const best = bestMarked(candidates);
  return areColumns(blanks.sample, best.sample) ? blanks : best;
}

/** Whether blanks separate columns, most of numbers, and more of them than the best other delimiter. */
function areColumns(blanks: Sample, best: Sample): boolean {
  const { records, width, fit } = blanks;
  const [first] = records;
  if (width < 2 || width <= best.width || fit < 0.95 || first?.fields.length !== width) return false;
  const isTable = width > 2 || !first.fields.some((cell) => value.test(cell));
  const values = shareOfValues(blanks);
  return isTable && values >= 50 && (best.width < 2 || values > shareOfValues(best));
}

function bestMarked(candidates: readonly Splitting[]): Splitting {
  const several = candidates.filter(({ sample }) => sample.width > 1);
  const mostFit = Math.max(...several.map(({ sample }) => sample.fit));
  const ranked = several
    .filter(({ sample }) => sample.fit >= mostFit - closeFit)
    .map((splitting) => ({
      splitting,
      isCut: cutsCells(splitting),
      values: shareOfValues(splitting.sample),
    }))
    .toSorted(
      (a, b) =>
        Number(a.isCut) - Number(b.isCut) ||
        b.values - a.values ||
        b.splitting.sample.width - a.splitting.sample.width,
    );
  const [best = candidates[0]] = ranked.map(({ splitting }) => splitting);
  return best as Splitting;
}

/** Whether most records hold another delimiter outside of numbers: `F0;A0;8954,50` is cut wrongly at its comma. */
function cutsCells({ delimiter, sample: { records } }: Splitting): boolean {
  const others = marks.filter((other) => other !== delimiter);
  const cut = records.filter(({ fields }) =>
    fields.some((cell) => others.some((other) => cell.includes(other)) && !value.test(cell)),
  );
  return cut.length > 0.5 * records.length;
}

const value = /^[-+]?[\d.,:/T\s-]*\d\.?%?$/;

/** The share of cells that hold a number, a date or a time, to a hundredth. */
function shareOfValues({ records }: Sample): number {
  const cells = records.slice(0, 200).flatMap(({ fields }) => fields);
  return Math.round((100 * cells.filter((cell) => value.test(cell)).length) / Math.max(1, cells.length));
}

/** Whether the cells of some column are in single quotes. */
function isSingleQuoted({ records, width }: Sample): boolean {
  const rows = records.slice(1, 100).filter(({ fields }) => fields.length >= width);
  return Array.from({ length: width }, (_, at) => rows.map(({ fields }) => fields[at] ?? '')).some(
    (cells) =>
      cells.length > 0 &&
      cells.every((cell) => /^'.*'?$/s.test(cell)) &&
      cells.some((cell) => /^'.*'$/s.test(cell)),
  );
}
