import { usualBadRows } from '../../kernel/bad-rows.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { formatNames } from '../../kernel/format-names.ts';
import { formatCount } from '../../kernel/units.ts';
import { namesIn } from './choose/choose-model.ts';
import { columnNamed } from './choose/column-named.ts';
import type { Question } from './choose/question.ts';
import type { InferredColumn, UnclearMarks } from './column.ts';
import { flagText, withBlanks } from './conversation/flag-text.ts';
import type { InferredTable, StatedTypes } from './infer.ts';
import type { CsvFile } from './read-csv.ts';
import { shareWithRoom } from './set-aside/max-bad-rows.ts';

type Unclear = InferredColumn & { readonly unclear: UnclearMarks };

const typeNames = { number: 'numbers', date: 'dates', 'yes-no': 'yes or no' } as const;

interface Asked {
  /** Columns that are no features, as the caller lists them: they are not asked about. */
  readonly without?: readonly string[] | undefined;
  /** The share of lines that may be set aside, as the caller says. */
  readonly allowed?: number | undefined;
}

/** A question for each set of marks that are among the numbers, dates, or yes and no of columns. */
export function wordQuestions(
  table: InferredTable,
  { without = [], allowed }: Asked = {},
): readonly Question[] {
  const { columns } = table;
  const named = new Set(namesIn(without, table));
  const groups = new Map<string, [Unclear, ...Unclear[]]>();
  for (const column of columns) {
    if (!isUnclear(column) || named.has(column.name)) continue;
    const { others, marks } = column.unclear;
    const group = JSON.stringify([others, ...marks.map(({ text }) => text).toSorted()]);
    const found = groups.get(group);
    if (found) found.push(column);
    else groups.set(group, [column]);
  }
  const all = [...groups.values()];
  // One share must be enough for a caller who sets the lines of all questions aside.
  const lines = all.flat().reduce((sum, { unclear }) => sum + linesOf(unclear), 0);
  const share = Math.min(1, lines / table.rows);
  const isEnough = share <= (allowed ?? usualBadRows);
  return all.map((group) => questionOf(group, table.rows, isEnough ? undefined : shareWithRoom(share)));
}

function isUnclear(column: InferredColumn): column is Unclear {
  return column.unclear !== undefined;
}

/** Lines with such a mark. */
function linesOf({ marks }: UnclearMarks): number {
  return marks.reduce((sum, { count }) => sum + count, 0);
}

function questionOf(
  columns: readonly [Unclear, ...Unclear[]],
  rows: number,
  allowed: number | undefined,
): Question {
  const { others, marks } = columns[0].unclear;
  const texts = marks.map(({ text }) => text);
  const quoted = formatNames(texts.map((text) => JSON.stringify(text)));
  const names = formatNames(columns.map(({ name }) => name));
  const lines = formatNames(columns.map(({ unclear }) => formatCount(linesOf(unclear))));
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
