import { readNumber } from '../../../sources/csv/values.ts';
import { type InferredColumn, isNumeric } from '../column.ts';
import { readableCell } from '../readable-cell.ts';
import type { CsvFile } from '../read-csv.ts';

/** The cells of a line with too many, one for each column. */
export interface Rejoined {
  readonly cells: readonly string[];
  /** The first column whose cell was divided. */
  readonly column: InferredColumn;
}

/** Finds which cells of a line belong together; undefined for a line without too many cells, and where nothing fits. */
export type RejoinCells = (fields: readonly string[]) => Rejoined | undefined;

/** With more, the line is something else. */
const mostExtra = 4;

/** What speaks for a cell in a column. Text that repeats is usual; any other text can hold everything. */
const [usual, possible, odd] = [2, 1, -2];
/** A divided number is likelier than a divided text of a column where both are possible. */
const numberJoined = 1.5;

/** Joins the cells of lines with too many so that the most cells are such as their columns have on other lines. */
export function rejoinCells(columns: readonly InferredColumn[], csv: CsvFile): RejoinCells {
  const { delimiter, decimal } = csv.format;
  const scores = columns.map((column) => scoreOf(column, csv));
  return (fields) => {
    const extra = fields.length - columns.length;
    if (extra < 1 || extra > mostExtra || delimiter === ' ') return undefined;
    // By column, the best score of the columns up to it with so many joined cells, and how many of them the column took.
    let best: readonly (Path | undefined)[] = [{ score: 0, taken: [] }];
    for (const [at, column] of columns.entries()) {
      const next: (Path | undefined)[] = Array.from({ length: extra + 1 });
      for (const [joined, path] of best.entries()) {
        if (!path) continue;
        for (let more = 0; joined + more <= extra; more++) {
          const text = fields.slice(at + joined, at + joined + more + 1).join(delimiter);
          const isNumber = more > 0 && isNumeric(column) && readNumber(text, { decimal }) !== undefined;
          const score = path.score + (scores[at]?.(text) ?? 0) + (isNumber ? numberJoined : -more);
          const before = next[joined + more];
          if (!before || score > before.score) next[joined + more] = { score, taken: [...path.taken, more] };
        }
      }
      best = next;
    }
    const taken = best[extra]?.taken;
    const column = columns[taken?.findIndex((more) => more > 0) ?? -1];
    if (!taken || !column) return undefined;
    let from = 0;
    const cells = taken.map((more) => {
      const text = fields.slice(from, from + more + 1).join(delimiter);
      from += more + 1;
      return text;
    });
    return { cells, column };
  };
}

interface Path {
  readonly score: number;
  /** Cells that each column took besides its first. */
  readonly taken: readonly number[];
}

function scoreOf(column: InferredColumn, csv: CsvFile): (text: string) => number {
  if (column.type !== 'string') {
    const isReadable = readableCell({ ...column, nullable: true }, csv);
    return (text) => (isReadable(text) ? usual : odd);
  }
  const repeated = new Set(column.values.filter(({ count }) => count > 1).map(({ text }) => text.trim()));
  return (text) => (repeated.has(text) ? usual : possible);
}
