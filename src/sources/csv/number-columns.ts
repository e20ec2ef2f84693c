import type { Column, TableSchema } from '../../project/tables/table.ts';
import { NumberCells } from './cells.ts';
import type { ReadCsvOptions } from './csv-options.ts';
import type { Decimal } from './format.ts';
import { type MissingValues, missingValues, unitOf } from './number-unit.ts';

/** The columns of numbers of one reading: each has one unit in all files. */
export class NumberColumns {
  readonly decimal: Decimal;
  readonly missing: MissingValues;
  readonly #columns: readonly Column[];
  readonly #cells = new Map<string, NumberCells>();
  /** Those whose unit the current row has decided. */
  readonly #decided: NumberCells[] = [];

  constructor({ columns }: TableSchema, { decimal = '.', missing }: ReadCsvOptions) {
    this.decimal = decimal;
    this.missing = missingValues(missing, decimal);
    this.#columns = columns;
  }

  /** Whether the table has numbers. */
  get areAny(): boolean {
    return this.#columns.some(isNumber);
  }

  of(name: string): NumberCells {
    const cells = this.#cells.get(name) ?? this.#open();
    this.#cells.set(name, cells);
    return cells;
  }

  /** Decides the units by the first rows. @param rows their cells by column of the schema */
  settle(rows: readonly (readonly string[])[]): void {
    for (const [index, column] of this.#columns.entries()) {
      if (!isNumber(column)) continue;
      const cells = rows.map((row) => row[index] ?? '');
      this.of(column.name).settle(unitOf(cells, this));
    }
  }

  /** A row that is set aside decides no unit. */
  endRow(isKept: boolean): void {
    if (this.#decided.length === 0) return;
    for (const cells of this.#decided) {
      if (isKept) cells.settle({});
      else cells.takeBack();
    }
    this.#decided.length = 0;
  }

  #open(): NumberCells {
    return new NumberCells({ decimal: this.decimal, missing: this.missing, decided: this.#decided });
  }
}

function isNumber({ type }: Column): boolean {
  return type === 'integer' || type === 'number';
}
