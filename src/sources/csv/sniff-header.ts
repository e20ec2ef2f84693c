import { dateForms } from './date-forms.ts';
import type { Decimal } from './format.ts';
import { isMissing, missingSet, readNumber } from './values.ts';

const missing = missingSet();
/** A column has a type if this share of its cells fits it. */
const typedShare = 0.8;

/** What the first record says about being the header. */
export type HeaderEvidence = 'header' | 'data' | 'unclear';

/**
 * Whether the first cells are names. They are if they do not fit the numbers or dates below them, and not if they do; in a
 * table of text alone, they are unless a column has its first cell again.
 */
export function headerEvidence(
  columns: readonly (readonly string[])[],
  decimal: Decimal = '.',
): HeaderEvidence {
  let fitting = 0;
  let odd = 0;
  let repeated = 0;
  const first = columns.map(([cell = '']) => cell);
  for (const [cell = '', ...below] of columns) {
    const filled = below.filter((each) => !isMissing(each, missing));
    if (filled.length === 0 || isMissing(cell, missing)) continue;
    const isTyped = filled.filter((each) => isValue(each, decimal)).length >= typedShare * filled.length;
    if (isTyped && isValue(cell, decimal)) fitting++;
    else if (isTyped) odd++;
    else if (filled.includes(cell)) repeated++;
  }
  if (odd > 0) return odd >= fitting ? 'header' : 'unclear';
  if (fitting > 0) return areLabels(first.filter((cell) => isValue(cell, decimal))) ? 'unclear' : 'data';
  return repeated > 0 || columns.every(([, ...below]) => below.length === 0) ? 'unclear' : 'header';
}

export function looksLikeHeader(columns: readonly (readonly string[])[], decimal: Decimal = '.'): boolean {
  return headerEvidence(columns, decimal) !== 'data';
}

/** Whether no cell holds a value, so that a first line which is longer or shorter than the others can only be the header. */
export function areNames(cells: readonly string[], decimal: Decimal): boolean {
  return cells.length > 1 && cells.every((cell) => cell.trim() !== '' && !isValue(cell, decimal));
}

/** Whether a cell holds a number, a date or a truth value, which a name does not. */
function isValue(text: string, decimal: Decimal): boolean {
  return (
    readNumber(text, { decimal }) !== undefined ||
    /^(?:true|false)$/i.test(text) ||
    dateForms.some((form) => form.name !== 'year' && form.day(text) !== undefined)
  );
}

/** Whether numbers count up, as years or positions in a header do. */
function areLabels(cells: readonly string[]): boolean {
  const numbers = cells.map(Number);
  const [one, two] = numbers;
  if (one === undefined || two === undefined) return one !== undefined && one >= 1900 && one <= 2100;
  const step = two - one;
  return step > 0 && numbers.every((number, at) => number === one + at * step);
}
