import type { BlobStore } from '../../data/blob-store.ts';
import type { TableDataset } from '../../data/dataset.ts';
import { openTableWriter, type OpenTableWriter } from '../../data/table-writer.ts';
import type { Features } from '../../project/models/model.ts';
import type { Column } from '../../project/tables/table.ts';
import { requireFeatures } from './feature-code.ts';
import { FeatureColumns } from './feature-columns.ts';

/** Rows that are written together. */
const mostBatch = 2048;

interface Opened {
  readonly columns: FeatureColumns;
  readonly writer: OpenTableWriter;
}

/** Writes the features of rows in order, as a table whose columns are those of the first row that has features. */
export class MatrixWriter implements AsyncDisposable {
  readonly #scratch: string;
  #opened: Opened | undefined;
  /** Rows without features before the first that has them. */
  #leading = 0;

  constructor({ scratch }: { readonly scratch: string }) {
    this.#scratch = scratch;
  }

  /** @throws PlatformError USER_CODE_FAILED for features that are no finite numbers, or have other names than before */
  add(features: unknown): Promise<void> | undefined {
    if (!this.#opened) return this.#open(requireFeatures(features));
    this.#opened.columns.add(features);
    return this.#writeFull(this.#opened);
  }

  addMissing(): Promise<void> | undefined {
    if (!this.#opened) {
      this.#leading += 1;
      return undefined;
    }
    this.#opened.columns.addMissing();
    return this.#writeFull(this.#opened);
  }

  /** @returns undefined if no row had features */
  async finish(
    blobs: BlobStore,
  ): Promise<{ readonly matrix: TableDataset; readonly names: readonly string[] } | undefined> {
    if (!this.#opened) return undefined;
    const { columns, writer } = this.#opened;
    await writer.write([columns.take()]);
    return { matrix: await writer.finish(blobs), names: columns.names };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#opened?.writer[Symbol.asyncDispose]();
  }

  async #open(features: Features): Promise<void> {
    const columns = new FeatureColumns(features, mostBatch);
    const schema = { columns: columns.names.map(numberColumn) };
    const writer = await openTableWriter({
      name: 'matrix',
      schema,
      scratchPath: this.#scratch,
      profiled: false,
    });
    this.#opened = { columns, writer };
    for (; this.#leading > 0; this.#leading -= 1) await this.addMissing();
    await this.add(features);
  }

  #writeFull({ columns, writer }: Opened): Promise<void> | undefined {
    return columns.rows === mostBatch ? writer.write([columns.take()]) : undefined;
  }
}

function numberColumn(name: string): Column {
  return { name, type: 'number', nullable: true };
}
