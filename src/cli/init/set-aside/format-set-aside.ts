import { formatShare } from '../../../kernel/format-number.ts';
import { formatCount } from '../../../kernel/units.ts';
import type { Decimal } from '../../../sources/csv/format.ts';
import { readNumber, readWrittenNumber } from '../../../sources/csv/values.ts';
import { flagText } from '../conversation/flag-text.ts';
import { type InferredColumn, isNumeric } from '../column.ts';
import { isMissingWord } from '../missing-texts.ts';
import type { Cause, SetAside } from './find-set-aside.ts';

const mostCauses = 3;

/** '154 of 500 lines (31%)'. */
export function formatAside({ count, lines }: Pick<SetAside, 'count' | 'lines'>): string {
  return `${formatCount(count)} of ${formatCount(lines)} lines (${formatShare(count / lines)})`;
}

/** Why the lines cannot be read, what they have in common, and what to do, in sentences. */
export function formatCauses({ causes, trait, decimal }: SetAside): string {
  const named = causes.slice(0, mostCauses).map((cause) => formatCause(cause, decimal));
  const others = causes.slice(mostCauses).reduce((sum, { count }) => sum + count, 0);
  return [
    ...named,
    ...(others > 0 ? [`${linesText(others)} for other reasons.`] : []),
    ...(trait
      ? [
          `${formatShare(trait.share)} of these lines have ${trait.column} = ${JSON.stringify(trait.value)}, against ${formatShare(trait.othersShare)} of the others: without them, the data is another.`,
        ]
      : []),
  ].join(' ');
}

function formatCause(
  { kind, column, count, first: { line, text }, commonest }: Cause,
  decimal: Decimal,
): string {
  const name = column?.name ?? '';
  const [lines, have] = [linesText(count), count === 1 ? 'has' : 'have'];
  const at = `${JSON.stringify(text)} on line ${line}`;
  switch (kind) {
    case 'number divided':
      return `${lines} ${have} too many cells: ${name} seems to have thousands separators without quotes, such as ${at}. Write such numbers in quotes or without the separator, or save the file with another delimiter.`;
    case 'text divided':
      return `${lines} ${have} too many cells: ${name} seems to have the delimiter in its text, such as ${at}. Put such texts in quotes, or save the file with another delimiter.`;
    case 'too many cells':
      return `${lines} ${have} too many cells, the first is line ${line}: ${text} Look for a delimiter inside a cell.`;
    case 'too few cells':
      return `${lines} ${have} too few cells, the first is line ${line}: ${text} Look for a line break inside a cell.`;
    case 'fault':
      return `${lines} cannot be split, the first is line ${line}: ${text}`;
    case 'cell': {
      const others = count > 1 ? `, and ${linesText(count - 1)} more` : '';
      if (column && isNumeric(column) && isOtherUnit(commonest.text, column, decimal))
        return `${name} has ${at}${others}, where other lines have numbers in another unit (a percent sign or currency on some lines alone). Write all of them alike, or keep the column as text with ${flagText('--type', [`${name}=text`])}.`;
      const isOtherMark = column !== undefined && isNumeric(column) && isNumber(commonest.text);
      const mark = isOtherMark ? ` with a decimal ${decimal === ',' ? 'comma' : 'point'}` : '';
      const isWord = commonest.count > 1 || isMissingWord(commonest.text);
      const on = commonest.count === count ? '' : ` (${linesText(commonest.count)})`;
      return `${name} has ${at}${others}, where ${typeText(column)}${mark} is expected.${
        isWord && commonest.text !== '' && !isOtherMark
          ? ` If ${JSON.stringify(commonest.text)}${on} means a missing value, ${flagText('--missing', [commonest.text])} reads it so.`
          : ''
      }`;
    }
  }
}

/** Whether a text is a number with another sign than those of its column. */
function isOtherUnit(text: string, { numbers }: InferredColumn, decimal: Decimal): boolean {
  const written = readWrittenNumber(text, { decimal });
  if (!written) return false;
  const { isPercent = false, currency } = numbers?.unit ?? {};
  return (
    (written.isPercent ?? false) !== isPercent ||
    (written.currency !== undefined && written.currency !== currency)
  );
}

/** Whether a text is a number with either decimal mark: read as missing, it would be lost. */
function isNumber(text: string): boolean {
  return readNumber(text) !== undefined || readNumber(text, { decimal: ',' }) !== undefined;
}

function typeText(column: Cause['column']): string {
  switch (column?.type) {
    case 'integer':
      return 'a whole number';
    case 'boolean':
      return 'yes or no';
    case 'date':
    case 'timestamp':
      return 'a date';
    case 'number':
      return 'a number';
    case 'string':
      return 'text';
    case undefined:
      return 'a value';
  }
}

/** '1 line', '1,200 lines' */
export function linesText(count: number): string {
  return `${formatCount(count)} ${count === 1 ? 'line' : 'lines'}`;
}
