import { type InferredColumn, isChoice } from '../column.ts';

/** A value that lines which are set aside have much more often than others. */
export interface Trait {
  readonly column: string;
  readonly value: string;
  /** Of the lines that are set aside. */
  readonly share: number;
  /** Of the other lines. */
  readonly othersShare: number;
}

/** With fewer lines, a share says nothing. */
const fewestLines = 10;
const fewestShare = 0.6;
const fewestDifference = 0.3;
const mostValues = 20;

type Counts = Map<string, { aside: number; others: number }>;

/** Counts the values of the columns that have few, for lines that are set aside and for all others. */
export class LineComparison {
  readonly #columns: readonly { readonly column: InferredColumn; readonly counts: Counts }[];
  #aside = 0;
  #others = 0;

  constructor(columns: readonly InferredColumn[]) {
    this.#columns = columns
      .filter((column) => isChoice(column) || (column.type !== undefined && column.distinct <= mostValues))
      .map((column) => ({ column, counts: new Map() }));
  }

  /** @param cells one for each column of the file */
  add(cells: readonly string[], isAside: boolean): void {
    if (isAside) this.#aside += 1;
    else this.#others += 1;
    for (const { column, counts } of this.#columns) {
      const text = (cells[column.index] ?? '').trim();
      const count = counts.get(text) ?? { aside: 0, others: 0 };
      if (isAside) count.aside += 1;
      else count.others += 1;
      counts.set(text, count);
    }
  }

  /** The value that tells the two apart best, if one does. */
  trait(): Trait | undefined {
    if (this.#aside < fewestLines || this.#others < fewestLines) return undefined;
    const traits = this.#columns.flatMap(({ column: { name }, counts }) =>
      [...counts].map(([value, { aside, others }]) => ({
        column: name,
        value,
        share: aside / this.#aside,
        othersShare: others / this.#others,
      })),
    );
    return traits
      .filter(({ share, othersShare }) => share >= fewestShare && share - othersShare >= fewestDifference)
      .toSorted((one, other) => other.share - other.othersShare - (one.share - one.othersShare))[0];
  }
}
