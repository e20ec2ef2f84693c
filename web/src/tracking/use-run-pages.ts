import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import type { FoundRun, RunsFound } from '../../../src/client/index.ts';
import { client } from '../queries.ts';
import type { RunColumn } from './columns.ts';

const pageSize = 100;
/** In ms, while a run is running and otherwise: another client may start a run at any time. */
const refetchEvery = { running: 2000, still: 8000 };

export interface FoundBy {
  /** Ids; undefined for all active experiments. */
  readonly experiments: readonly string[] | undefined;
  readonly filter: string;
  readonly orderBy: readonly string[];
  readonly columns: readonly RunColumn[];
}

/** How many runs a search finds; undefined until the first page is there. */
export function useRunTotal(by: FoundBy): { readonly total: number | undefined; readonly error?: Error } {
  const { data, error } = useQuery(pageQuery(by, 0));
  return { total: data?.total ?? undefined, ...(error && { error }) };
}

export interface RunPages {
  readonly error?: Error;
  /** Undefined for a row that is not loaded yet. */
  readonly rowAt: (index: number) => FoundRun | undefined;
}

/** The runs that a search finds, page by page as they come into view. */
export function useRunPages(by: FoundBy, rows: { readonly first: number; readonly end: number }): RunPages {
  const from = Math.floor(rows.first / pageSize);
  const to = Math.max(from, Math.floor((rows.end - 1) / pageSize));
  const needed = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const pages = useQueries({ queries: needed.map((page) => pageQuery(by, page)) });
  const byPage = new Map(needed.map((page, index) => [page, pages[index]?.data]));
  const failed = pages.find(({ error }) => error)?.error;
  return {
    ...(failed && { error: failed }),
    rowAt: (index) => byPage.get(Math.floor(index / pageSize))?.runs[index % pageSize],
  };
}

function pageQuery(by: FoundBy, page: number) {
  return queryOptions({
    queryKey: ['found-runs', by, page],
    queryFn: ({ signal }) => readPage(by, page, signal),
    refetchInterval: ({ state }) =>
      state.data?.runs.some(({ status }) => status === 'RUNNING') ? refetchEvery.running : refetchEvery.still,
  });
}

/** Large runs come in several parts. */
async function readPage(by: FoundBy, page: number, signal: AbortSignal): Promise<RunsFound> {
  const end = (page + 1) * pageSize;
  const runs: FoundRun[] = [];
  let next: number | null = page * pageSize;
  let total: number | null = null;
  while (next !== null && next < end) {
    const found: RunsFound = await client.searchRuns(
      {
        ...(by.experiments && { experiments: [...by.experiments] }),
        filter: by.filter,
        orderBy: [...by.orderBy],
        offset: next,
        limit: end - next,
        values: valuesOf(by.columns),
        count: page === 0 && total === null,
      },
      { signal },
    );
    total ??= found.total;
    runs.push(...found.runs);
    next = found.next;
  }
  return { runs, total, next };
}

function valuesOf(columns: readonly RunColumn[]): { metrics: string[]; params: string[]; tags: string[] } {
  const of = (kind: RunColumn['kind']): string[] =>
    columns.filter((column) => column.kind === kind).map(({ key }) => key);
  return { metrics: of('metrics'), params: of('params'), tags: of('tags') };
}
