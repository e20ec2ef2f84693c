import { hash } from 'node:crypto';
import type { CsvRecord } from '../../sources/csv/records.ts';

/** Lines that are the same as an earlier one, cell by cell. */
export interface RepeatedLines {
  readonly count: number;
  /** The first of them, and the line that it repeats. */
  readonly first: { readonly line: number; readonly repeats: number };
}

/** Of lines that are remembered; those beyond are compared with these alone. */
const mostRemembered = 1_000_000;

/** Finds the lines that repeat others, one line after another. */
export class RepeatedLineCount {
  /** The first line of each content: 52 bits of a hash, since whole lines would not fit into memory. */
  readonly #lines = new Map<number, number>();
  #first: RepeatedLines['first'] | undefined;
  #count = 0;

  add({ fields, line }: CsvRecord): void {
    const content = Number.parseInt(hash('sha1', JSON.stringify(fields), 'hex').slice(0, 13), 16);
    const earlier = this.#lines.get(content);
    if (earlier !== undefined) {
      this.#count += 1;
      this.#first ??= { line, repeats: earlier };
    } else if (this.#lines.size < mostRemembered) this.#lines.set(content, line);
  }

  repeated(): RepeatedLines | undefined {
    return this.#first && { count: this.#count, first: this.#first };
  }
}
