import type { Decimal } from './format.ts';
import { readNumber } from './values.ts';

/** What the cells of a file say about its decimal mark. */
export interface DecimalEvidence {
  /** Undefined if every number reads with both marks. */
  readonly decimal: Decimal | undefined;
  /** A cell that reads as another number with the other mark, if nothing in the file says which is right. */
  readonly ambiguous?: string | undefined;
}

/** Counts the cells that are a number with one decimal mark alone: 5,44 and 0,655 with a comma, 5.44 with a point. */
export function decimalEvidence(cells: Iterable<string>): DecimalEvidence {
  let points = 0;
  let commas = 0;
  let ambiguous: string | undefined;
  for (const cell of cells) {
    if (!/[.,]/.test(cell)) continue;
    const withPoint = readNumber(cell, { decimal: '.' });
    const withComma = readNumber(cell, { decimal: ',' });
    if (withPoint !== undefined && withComma === undefined) points++;
    else if (withComma !== undefined && withPoint === undefined) commas++;
    else if (withPoint !== withComma) ambiguous ??= cell;
  }
  if (points + commas > 0) return { decimal: commas > points ? ',' : '.' };
  return { decimal: undefined, ambiguous };
}
