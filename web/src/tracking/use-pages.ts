import { queryOptions, useQueries, useQuery } from '@tanstack/react-query';

const pageSize = 100;

/** Some rows of a list from an offset on. */
export interface PagePart<Row> {
  readonly rows: readonly Row[];
  /** How many rows the list has; null where it was not asked for. */
  readonly total: number | null;
  /** The offset of the next part; null after the last row. */
  readonly next: number | null;
}

export interface PartOf {
  readonly offset: number;
  readonly limit: number;
  /** Whether to count all rows. */
  readonly count: boolean;
  readonly signal: AbortSignal;
}

/** A list that the server has in pages. */
export interface Paged<Row> {
  /** Identifies the list in the cache. */
  readonly key: readonly unknown[];
  readonly read: (part: PartOf) => Promise<PagePart<Row>>;
  /** How long a page stays as it is, in ms. */
  readonly refetchEvery: (rows: readonly Row[]) => number;
}

/** How many rows a list has; undefined until the first page is there. */
export function useTotal<Row>(list: Paged<Row>): {
  readonly total: number | undefined;
  readonly error?: Error;
} {
  const { data, error } = useQuery(pageQuery(list, 0));
  return { total: data?.total ?? undefined, ...(error && { error }) };
}

export interface LoadedRows<Row> {
  readonly error?: Error;
  /** Undefined for a row that is not loaded yet. */
  readonly rowAt: (index: number) => Row | undefined;
}

/** The rows of a list, page by page as they come into view. */
export function useRows<Row>(
  list: Paged<Row>,
  rows: { readonly first: number; readonly end: number },
): LoadedRows<Row> {
  const from = Math.floor(rows.first / pageSize);
  const to = Math.max(from, Math.floor((rows.end - 1) / pageSize));
  const needed = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const pages = useQueries({ queries: needed.map((page) => pageQuery(list, page)) });
  const byPage = new Map(needed.map((page, index) => [page, pages[index]?.data]));
  const failed = pages.find(({ error }) => error)?.error;
  return {
    ...(failed && { error: failed }),
    rowAt: (index) => byPage.get(Math.floor(index / pageSize))?.rows[index % pageSize],
  };
}

function pageQuery<Row>(list: Paged<Row>, page: number) {
  return queryOptions({
    queryKey: [...list.key, page],
    queryFn: ({ signal }) => readPage(list, page, signal),
    refetchInterval: ({ state }) => list.refetchEvery(state.data?.rows ?? []),
  });
}

/** Large rows come in several parts. */
async function readPage<Row>(list: Paged<Row>, page: number, signal: AbortSignal): Promise<PagePart<Row>> {
  const end = (page + 1) * pageSize;
  const rows: Row[] = [];
  let next: number | null = page * pageSize;
  let total: number | null = null;
  while (next !== null && next < end) {
    const part: PagePart<Row> = await list.read({
      offset: next,
      limit: end - next,
      count: page === 0 && total === null,
      signal,
    });
    total ??= part.total;
    rows.push(...part.rows);
    next = part.next;
  }
  return { rows, total, next };
}
