import { PlatformError } from '../../kernel/errors.ts';
import { formatCount } from '../../kernel/units.ts';
import type { ReadContext, RejectedRow } from '../../project/tables/source.ts';

/** Counts the rows of a source and those that cannot be read. */
export class Rejects {
  readonly #context: Pick<ReadContext, 'reject'>;
  #first: RejectedRow | undefined;
  #noRows = 0;
  count = 0;

  constructor(context: Pick<ReadContext, 'reject'>) {
    this.#context = context;
  }

  add(row: RejectedRow): void {
    this.#first ??= row;
    this.count += 1;
    this.#context.reject?.(row);
  }

  /** Names a line that is no row and so no bad one: it has the header again, or a total of others. */
  addNoRow(line: RejectedRow): void {
    this.#noRows += 1;
    this.#context.reject?.(line);
  }

  /** All rows that were set aside. */
  get setAside(): number {
    return this.count + this.#noRows;
  }

  /** @throws PlatformError DATA_INVALID with the first of them if they are more than a share of all rows */
  check(rows: number, maxBadRows: number): void {
    const all = rows + this.count;
    if (!this.#first || this.count <= maxBadRows * all) return;
    const { file, line, column, value, reason } = this.#first;
    const where = column === undefined ? '' : `, column "${column}"`;
    const share =
      all === 1
        ? ''
        : ` ${formatCount(this.count)} of ${formatCount(all)} rows cannot be read, and \`maxBadRows\` is ${maxBadRows}.`;
    throw new PlatformError('DATA_INVALID', {
      field: `${file}, line ${line}${where}`,
      value,
      remedy: `${reason}${share}`,
    });
  }
}
