import { usualBadRows } from '../../kernel/bad-rows.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { formatNames } from '../../kernel/format-names.ts';
import { formatCount } from '../../kernel/units.ts';
import { columnNamed } from './choose/column-named.ts';
import type { Question } from './choose/question.ts';
import type { InferredColumn, UnclearMarks } from './column.ts';
import { flagText, withBlanks } from './conversation/flag-text.ts';
import type { InferredTable, StatedTypes } from './infer.ts';
import type { CsvFile } from './read-csv.ts';
import { shareWithRoom } from './set-aside/max-bad-rows.ts';

type Unclear = InferredColumn & { readonly unclear: UnclearMarks };

const typeNames = { number: 'numbers', date: 'dates', 'yes-no': 'yes or no' } as const;

/**
 * A question for each set of marks that are among the numbers, dates, or yes and no of columns.
 * @param without columns that are no features: they are not asked about
 */
export function wordQuestions(
  { columns, rows }: InferredTable,
  without: readonly string[] = [],
): readonly Question[] {
  const named = new Set(without.flatMap((text) => [text, ...text.split(',').map((name) => name.trim())]));
  const groups = new Map<string, [Unclear, ...Unclear[]]>();
  for (const column of columns) {
    if (!isUnclear(column) || named.has(column.name)) continue;
    const { others, marks } = column.unclear;
    const group = JSON.stringify([others, ...marks.map(({ text }) => text).toSorted()]);
    const found = groups.get(group);
    if (found) found.push(column);
    else groups.set(group, [column]);
  }
  return [...groups.values()].map((group) => questionOf(group, rows));
}

function isUnclear(column: InferredColumn): column is Unclear {
  return column.unclear !== undefined;
}

function questionOf(columns: readonly [Unclear, ...Unclear[]], rows: number): Question {
  const { others, marks } = columns[0].unclear;
  const texts = marks.map(({ text }) => text);
  const quoted = formatNames(texts.map((text) => JSON.stringify(text)));
  const names = formatNames(columns.map(({ name }) => name));
  const counts = columns.map(({ unclear }) => unclear.marks.reduce((sum, { count }) => sum + count, 0));
  const lines = formatNames(counts.map((count) => formatCount(count)));
  const share = Math.min(1, counts.reduce((sum, count) => sum + count, 0) / rows);
  const allowed = share > usualBadRows ? shareWithRoom(share) : undefined;
  const are = texts.length === 1 ? 'is' : 'are';
  const typed = (type: 'text' | UnclearMarks['others']): string =>
    withBlanks(columns.map(({ name }) => flagText('--type', [`${name}=${type}`])).join(' '));
  const types = (type: 'text' | UnclearMarks['others']): StatedTypes =>
    new Map(columns.map(({ name }) => [name, type]));
  return {
    about: 'marks',
    flag: '--missing or --type',
    text: `${texts.length === 1 ? `Is ${quoted} a missing value` : `Are ${quoted} missing values`} in ${names}?`,
    reason: `${quoted} ${are} on ${lines} of ${formatCount(rows)} lines of ${names}, where all others have ${typeNames[others]}`,
    candidates: [
      {
        value: withBlanks(texts.map((text) => flagText('--missing', [text])).join(' ')),
        label: 'yes, the value is missing there',
        hint: '',
        adds: { missing: texts },
      },
      {
        value: `${typed(others)}${allowed === undefined ? '' : ` --max-bad-rows ${allowed}`}`,
        label: 'no: set those lines aside',
        hint: 'a run does so too',
        adds: { types: types(others), ...(allowed !== undefined && { maxBadRows: allowed }) },
      },
      {
        value: typed('text'),
        label: `no: ${columns.length === 1 ? `${names} is` : 'they are'} text`,
        hint: `the ${typeNames[others]} become categories`,
        adds: { types: types('text') },
      },
    ],
  };
}

/**
 * Refuses a type of `--type` that the column does not have.
 * @throws PlatformError CONFIG_INVALID for a column that is not there, or none of whose cells is of the type
 */
export function checkTypes({ columns }: InferredTable, { file }: CsvFile, types: StatedTypes): void {
  for (const [name, type] of types) {
    const column = columnNamed(name, columns, { file, option: '--type' });
    const isBlank = column.type === undefined;
    const isOther = type === 'date' && !column.dates;
    if (type === 'text' || isBlank || (!isOther && column.bad?.count !== column.filled)) continue;
    throw new PlatformError('CONFIG_INVALID', {
      field: '--type',
      value: `${name}=${type}`,
      remedy: `must be a type that cells of the column have: they are ${formatNames(column.examples.map((text) => JSON.stringify(text)))}`,
    });
  }
}
