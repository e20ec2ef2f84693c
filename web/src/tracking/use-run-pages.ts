import type { FoundRun } from '../../../src/client/index.ts';
import { client } from '../queries.ts';
import type { RunColumn } from './columns.ts';
import type { Paged } from './use-pages.ts';

/** In ms, while a run is running and otherwise: another client may start a run at any time. */
const refetchEvery = { running: 2000, still: 8000 };

export interface FoundBy {
  /** Ids; undefined for all active experiments. */
  readonly experiments: readonly string[] | undefined;
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly columns: readonly RunColumn[];
}

/** The runs that a search finds. */
export function foundRuns(by: FoundBy): Paged<FoundRun> {
  return {
    key: ['found-runs', by],
    async read({ signal, ...part }) {
      const { runs, total, next } = await client.searchRuns(
        {
          ...(by.experiments && { experiments: [...by.experiments] }),
          filter: by.filter,
          orderBy: [...by.orderBy],
          values: valuesOf(by.columns),
          ...part,
        },
        { signal },
      );
      return { rows: runs, total, next };
    },
    refetchEvery: (rows) =>
      rows.some(({ status }) => status === 'RUNNING') ? refetchEvery.running : refetchEvery.still,
  };
}

function valuesOf(columns: readonly RunColumn[]): { metrics: string[]; params: string[]; tags: string[] } {
  const of = (kind: RunColumn['kind']): string[] =>
    columns.filter((column) => column.kind === kind).map(({ key }) => key);
  return { metrics: of('metrics'), params: of('params'), tags: of('tags') };
}
