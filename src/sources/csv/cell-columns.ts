import type { BatchColumn } from '../../project/tables/column-batch.ts';
import type { Column } from '../../project/tables/table.ts';
import { booleanCells, dateCells, type NumberCells, type ReadCell, textCells, timeCells } from './cells.ts';
import { dateHint } from './date-cells.ts';
import type { Decimal } from './format.ts';
import type { MissingValues } from './number-unit.ts';
import { plainNumber } from './plain-number.ts';
import type { RecordScanner } from './record-scanner.ts';
import { readNumber, readWrittenNumber } from './values.ts';

export interface CellOptions {
  readonly decimal: Decimal;
  readonly missing: MissingValues;
  /** The form of a column's dates. */
  readonly dates: Readonly<Record<string, string>>;
  /** Reads the numbers of a column, which keeps its unit from file to file. */
  readonly numbers: (column: string) => NumberCells;
  /** Rows of a batch. */
  readonly capacity: number;
}

/** The cells of one column of a batch. */
export interface CellColumn {
  readonly name: string;
  /** Reads a field of a record into a row of the batch. @returns why it cannot; undefined if it can */
  read(scanner: RecordScanner, field: number, row: number): string | undefined;
  /** The value that was read into a row of the batch; null or NaN for a missing one. */
  valueAt(row: number): string | number | boolean | null;
  /** Takes the values of the first rows; the next batch starts anew. */
  take(rows: number): BatchColumn;
}

/** A column of a batch that reads cells by its type. */
export function cellColumn(column: Column, options: CellOptions): CellColumn {
  switch (column.type) {
    case 'integer':
    case 'number':
      return new NumberColumn(column, options);
    case 'string':
      return textColumn(column, options);
    case 'boolean':
      return valueColumn(column, {
        read: booleanCells(options.missing),
        expected: () => 'Write true or false (or yes, no, 1, 0), or change the column in `row`.',
      });
    case 'date':
      return valueColumn(column, {
        read: dateCells(options.dates[column.name], options.missing),
        expected: (text) =>
          dateHint(text, column.name) ?? 'Write a date such as 2024-01-31, or change the column in `row`.',
      });
    case 'timestamp':
      return valueColumn(column, {
        read: timeCells(options.dates[column.name], options.missing),
        expected: (text) =>
          dateHint(text, column.name) ??
          'Write a time such as 2024-01-31T12:00:00Z, or change the column in `row`.',
      });
  }
}

const fillIn = 'Fill it in, or make the column `.nullable()` or `.optional()` in its schema.';

class NumberColumn implements CellColumn {
  readonly name: string;
  readonly #isWhole: boolean;
  readonly #nullable: boolean;
  readonly #options: CellOptions;
  readonly #plain: ReturnType<typeof plainNumber>;
  readonly #cells: NumberCells;
  #values: Float64Array;

  constructor(column: Column, options: CellOptions) {
    this.name = column.name;
    this.#isWhole = column.type === 'integer';
    this.#nullable = column.nullable;
    this.#options = options;
    this.#plain = plainNumber(options.decimal);
    this.#cells = options.numbers(column.name);
    this.#values = new Float64Array(options.capacity);
  }

  read(scanner: RecordScanner, field: number, row: number): string | undefined {
    const start = scanner.starts[field] ?? 0;
    const end = scanner.ends[field] ?? 0;
    const value = scanner.isRewritten(field) ? Number.NaN : this.#plain(scanner.text, start, end);
    // NaN differs from itself.
    return value !== value ||
      (this.#isWhole && !Number.isSafeInteger(value)) ||
      (!this.#cells.isSentinel(value) && !this.#cells.takesPlain(value))
      ? this.#readOther(scanner.field(field), row)
      : this.#set(row, value);
  }

  valueAt(row: number): number {
    return this.#values[row] as number;
  }

  take(rows: number): BatchColumn {
    const taken = this.#values.subarray(0, rows);
    this.#values = new Float64Array(this.#options.capacity);
    return taken;
  }

  #readOther(text: string, row: number): string | undefined {
    const value = this.#cells.read(text);
    if (value === undefined) return this.#expected(text);
    if (value !== null && this.#isWhole && !Number.isSafeInteger(value))
      return Number.isInteger(value)
        ? 'A number cannot hold so many digits: make the column text with z.string().'
        : 'Write a whole number, or make the column z.number() in `row`.';
    return this.#set(row, value ?? Number.NaN);
  }

  #set(row: number, value: number): string | undefined {
    const isAbsent = value !== value || this.#cells.isSentinel(value);
    if (isAbsent && !this.#nullable) return fillIn;
    this.#values[row] = isAbsent ? Number.NaN : value;
    return undefined;
  }

  #expected(text: string): string {
    const written = readWrittenNumber(text, this.#options);
    const { isPercent, currency } = this.#cells.unit;
    if (written && (written.isPercent ?? false) !== isPercent && written.value !== 0)
      return `The column has numbers ${isPercent ? 'with' : 'without'} a percent sign too, and 45% is read as 45: write all of them alike, or make the column text with z.string().`;
    if (written)
      return `The column has amounts in ${currency} too: convert them to one currency, or make the column text with z.string().`;
    const other = this.#options.decimal === '.' ? ',' : '.';
    if (readNumber(text, { decimal: other }) !== undefined)
      return `It is a number with a decimal ${other === ',' ? 'comma' : 'point'}: set \`decimal: '${other}'\`.`;
    if (/^[+-]?inf(?:inity)?$/i.test(text.trim()))
      return 'A number must be finite: remove it, or list it in `missing` and make the column `.nullable()`.';
    const kind = this.#isWhole ? 'a whole number' : 'a number';
    return `Write ${kind}, list the text in \`missing\`, or change the column in \`row\`.`;
  }
}

function textColumn({ name, nullable }: Column, { missing }: CellOptions): CellColumn {
  const read = textCells(nullable, missing);
  let values: (string | null)[] = [];
  return {
    name,
    read(scanner, field, row) {
      // A column of text can hold any.
      const value = read(scanner.field(field)) ?? null;
      if (value === null && !nullable) return fillIn;
      values[row] = value;
      return undefined;
    },
    valueAt: (row) => values[row] ?? null,
    take(rows) {
      const taken = values.slice(0, rows);
      values = [];
      return taken;
    },
  };
}

interface CellRule {
  readonly read: ReadCell<string | boolean>;
  /** What to do about a cell that cannot be read. */
  readonly expected: (text: string) => string;
}

const mostRemembered = 4096;

function valueColumn({ name, nullable }: Column, { read, expected }: CellRule): CellColumn {
  let values: (string | boolean | null)[] = [];
  // Columns repeat their dates, and booleans more so.
  const remembered = new Map<string, string | boolean | null>();
  const valueOf = (text: string): string | boolean | null | undefined => {
    const before = remembered.get(text);
    if (before !== undefined) return before;
    const value = read(text);
    if (remembered.size >= mostRemembered) remembered.clear();
    if (value !== undefined) remembered.set(text, value);
    return value;
  };
  return {
    name,
    read(scanner, field, row) {
      const text = scanner.field(field);
      const value = valueOf(text);
      if (value === undefined) return expected(text);
      values[row] = value;
      return value === null && !nullable ? fillIn : undefined;
    },
    valueAt: (row) => values[row] ?? null,
    take(rows) {
      const taken = values.slice(0, rows);
      values = [];
      return taken;
    },
  };
}
