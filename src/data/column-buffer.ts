import type { BatchColumn } from '../project/tables/column-batch.ts';
import type { Column } from '../project/tables/table.ts';
import { columnCheck, isRefusal, type Refusal } from './column-check.ts';

/** Values as they are staged: doubles with NaN for null (booleans as 1 and 0, dates in days, times in ms), and text. */
export type StagedValues = Float64Array | readonly (string | null)[];

export interface BufferedRange {
  readonly from: number;
  readonly to: number;
  /** The index of the first of them in the buffer. */
  readonly at: number;
}

/** The checked values of a column of an incomplete chunk. */
export interface ColumnBuffer {
  readonly values: StagedValues;
  /** @returns why the column refuses the value */
  set(index: number, value: unknown): Refusal | undefined;
  /** @returns whether the column accepts all of them */
  setRange(values: BatchColumn | undefined, range: BufferedRange): boolean;
}

export function columnBuffer(column: Column): ColumnBuffer {
  return column.type === 'string' ? new TextBuffer(column) : new NumberBuffer(column);
}

class TextBuffer implements ColumnBuffer {
  readonly values: (string | null)[] = [];
  readonly #check: ReturnType<typeof columnCheck>;

  constructor(column: Column) {
    this.#check = columnCheck(column);
  }

  set(index: number, value: unknown): Refusal | undefined {
    const stored = this.#check(value);
    if (isRefusal(stored)) return stored;
    this.values[index] = stored as string | null;
    return undefined;
  }

  setRange(values: BatchColumn | undefined, range: BufferedRange): boolean {
    return setEach(this, values, range);
  }
}

const fewest = 64;

class NumberBuffer implements ColumnBuffer {
  values = new Float64Array(fewest);
  readonly #column: Column;
  readonly #check: ReturnType<typeof columnCheck>;

  constructor(column: Column) {
    this.#column = column;
    this.#check = columnCheck(column);
  }

  set(index: number, value: unknown): Refusal | undefined {
    const stored = this.#check(value);
    if (isRefusal(stored)) return stored;
    this.#grow(index + 1);
    this.values[index] = stored === null ? Number.NaN : Number(stored);
    return undefined;
  }

  setRange(values: BatchColumn | undefined, range: BufferedRange): boolean {
    const { type } = this.#column;
    return values instanceof Float64Array && (type === 'number' || type === 'integer')
      ? this.#setNumbers(values, range)
      : setEach(this, values, range);
  }

  #setNumbers(values: Float64Array, { from, to, at }: BufferedRange): boolean {
    const {
      nullable,
      minimum = -Infinity,
      maximum = Infinity,
      above = -Infinity,
      below = Infinity,
    } = this.#column;
    const isWhole = this.#column.type === 'integer';
    this.#grow(at + to - from);
    for (let row = from; row < to; row++) {
      const value = values[row] as number;
      const isAccepted = Number.isNaN(value)
        ? nullable
        : value >= minimum &&
          value <= maximum &&
          value > above &&
          value < below &&
          (isWhole ? Number.isSafeInteger(value) : Number.isFinite(value));
      if (!isAccepted) return false;
      this.values[at + row - from] = value;
    }
    return true;
  }

  /** A table of few rows and many columns needs no buffers of thousands of rows. */
  #grow(length: number): void {
    if (length <= this.values.length) return;
    const larger = new Float64Array(Math.max(length, 2 * this.values.length));
    larger.set(this.values);
    this.values = larger;
  }
}

function setEach(
  buffer: ColumnBuffer,
  values: BatchColumn | undefined,
  { from, to, at }: BufferedRange,
): boolean {
  for (let row = from; row < to; row++) if (buffer.set(at + row - from, values?.[row])) return false;
  return true;
}
