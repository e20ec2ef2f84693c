import type { Features } from '../../project/models/model.ts';
import { ColumnBatch } from '../../project/tables/column-batch.ts';
import { requireFeatures, vectorOf } from './feature-code.ts';

/** Features of many rows as columns, without an object or a list for each row. */
export class FeatureColumns {
  /** The names of the first row in its order, and the index of each among the sorted ones. */
  readonly #order: readonly string[];
  readonly #positions: readonly number[];
  /** Sorted. */
  readonly names: readonly string[];
  readonly #columns: readonly Float64Array[];
  #rows = 0;

  /** @param first the features of the first row, which is not added */
  constructor(first: Features, capacity: number) {
    this.#order = Object.keys(first);
    this.names = this.#order.toSorted();
    const positions = new Map(this.names.map((name, position) => [name, position]));
    this.#positions = this.#order.map((name) => positions.get(name) as number);
    this.#columns = this.names.map(() => new Float64Array(capacity));
  }

  get rows(): number {
    return this.#rows;
  }

  /** @throws PlatformError USER_CODE_FAILED as `featuresOf` and `vectorOf` */
  add(features: unknown): void {
    if (!this.#addInOrder(features)) this.#addByName(requireFeatures(features));
    this.#rows += 1;
  }

  /** Adds a row without features. */
  addMissing(): void {
    for (const column of this.#columns) column[this.#rows] = Number.NaN;
    this.#rows += 1;
  }

  /** The rows since the last call. */
  take(): ColumnBatch {
    const rows = this.#rows;
    this.#rows = 0;
    return new ColumnBatch(
      rows,
      Object.fromEntries(
        this.names.map((name, position) => [name, this.#columns[position]?.subarray(0, rows) ?? []]),
      ),
    );
  }

  /** Most functions return the same names in the same order. @returns false if these features are not plainly so */
  #addInOrder(features: unknown): boolean {
    if (typeof features !== 'object' || features === null) return false;
    if (Object.getPrototypeOf(features) !== Object.prototype) return false;
    let at = 0;
    for (const name in features) {
      if (name !== this.#order[at]) return false;
      const value: unknown = (features as Features)[name];
      if (typeof value !== 'number' || Math.abs(Math.fround(value)) === Infinity) return false;
      (this.#columns[this.#positions[at] as number] as Float64Array)[this.#rows] = value;
      at += 1;
    }
    return at === this.#order.length && at > 0;
  }

  #addByName(features: Features): void {
    vectorOf(features, this.names);
    for (const [position, name] of this.names.entries())
      (this.#columns[position] as Float64Array)[this.#rows] = features[name] as number;
  }
}
