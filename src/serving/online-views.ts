import type { BlobStore } from '../data/blob-store.ts';
import { readDataset } from '../data/dataset.ts';
import { type LookupDefinition, type Lookups, openLookups, viewsOf } from '../features/lookup.ts';
import { openView, type View, type ViewDefinition } from '../features/view.ts';
import type { Digest } from '../kernel/digest.ts';
import { PlatformError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { ResultStore } from '../pipeline/ports.ts';
import type { TaskInput } from '../pipeline/task.ts';

export interface OnlineViewsDeps {
  readonly results: Pick<ResultStore, 'last'>;
  readonly blobs: BlobStore;
  /** The task that fills a view of the project, by the name of the view. */
  readonly tables: ReadonlyMap<string, TaskInput>;
}

/** The feature views of a project in memory, for its endpoints. */
export interface OnlineViews {
  /**
   * Lookups over the newest finished tables. Endpoints share the copies in memory.
   * @throws PlatformError NOT_READY if a view has no table yet; DATA_INVALID if its table lacks what a lookup needs;
   * BLOB_NOT_FOUND, STATE_DAMAGED
   */
  newest(definitions: readonly LookupDefinition[]): Promise<OnlineLookups>;
}

interface Copy {
  readonly table: Digest;
  readonly view: Promise<View>;
}

/** Lookups over copies of tables. */
export interface OnlineLookups {
  /** The tables, in the order of the definitions' views: other tables are other lookups. */
  readonly tables: readonly Digest[];
  readonly lookups: Lookups;
}

export function openOnlineViews({ results, blobs, tables }: OnlineViewsDeps): OnlineViews {
  /** The last copy of each view as it is read: a version may read it by another key or time. */
  const copies = new Map<string, Copy>();

  const newestTable = async (view: string): Promise<Digest> => {
    const written = tables.get(view);
    const result = written && (await results.last(written.task));
    const digest = written && result?.outputs[written.output];
    if (digest) return digest;
    throw noTable(view, written);
  };
  const read = async (definition: ViewDefinition, digest: Digest): Promise<View> => {
    const table = await readDataset(digest, blobs);
    if (table.kind !== 'table') throw noTable(definition.view, tables.get(definition.view));
    return openView(definition, table, blobs);
  };
  const copyOf = (definition: ViewDefinition, table: Digest): Copy => {
    const name = canonicalJson(definition);
    const before = copies.get(name);
    if (before?.table === table) return before;
    const copy = { table, view: read(definition, table) };
    copies.set(name, copy);
    copy.view.catch(() => {
      if (copies.get(name) === copy) copies.delete(name);
    });
    return copy;
  };

  return {
    async newest(definitions) {
      const current = await Promise.all(
        viewsOf(definitions).map(async (definition) => {
          const copy = copyOf(definition, await newestTable(definition.view));
          return { table: copy.table, view: [definition.view, await copy.view] as const };
        }),
      );
      return {
        tables: current.map(({ table }) => table),
        lookups: openLookups(definitions, new Map(current.map(({ view }) => view))),
      };
    },
  };
}

function noTable(view: string, written: TaskInput | undefined): PlatformError {
  return new PlatformError('NOT_READY', {
    field: `view ${view}`,
    value: written ? `no table of ${written.task}` : 'not in the project',
    remedy: written
      ? `Run \`modelyard run ${written.task}\`, which fills it.`
      : 'The served version looks it up: declare the view again, or promote another version.',
  });
}
