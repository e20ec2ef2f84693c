import { infiniteQueryOptions, QueryClient, queryOptions } from '@tanstack/react-query';
import { createClient, PlatformError } from '../../src/client/index.ts';

export const client = createClient('');

/** What the server refused stays refused; only a server that did not answer is asked again. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof PlatformError && error.code === 'NOT_READY',
    },
  },
});

export const projectsQuery = queryOptions({
  queryKey: ['projects'],
  queryFn: ({ signal }) => client.listProjects({}, { signal }),
});

export const projectQuery = (project: string) =>
  queryOptions({
    queryKey: ['project', project],
    queryFn: ({ signal }) => client.getProject({ project }, { signal }),
  });

const runsPerPage = 12;

export const runsQuery = (project: string) =>
  infiniteQueryOptions({
    queryKey: ['runs', project],
    queryFn: ({ signal, pageParam }) =>
      client.listRuns(
        { project, limit: pageParam === undefined ? runsPerPage : runsPerPage * 4, startedBefore: pageParam },
        { signal },
      ),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last, pages) =>
      last.length < (pages.length === 1 ? runsPerPage : runsPerPage * 4) ? undefined : last.at(-1)?.startedAt,
  });

export const runQuery = (run: string) =>
  queryOptions({ queryKey: ['run', run], queryFn: ({ signal }) => client.getRun({ run }, { signal }) });

export const endpointQuery = (endpoint: string) =>
  queryOptions({
    queryKey: ['endpoint', endpoint],
    queryFn: ({ signal }) => client.getEndpoint({ endpoint }, { signal }),
  });

export const explainQuery = (prediction: string) =>
  queryOptions({
    queryKey: ['prediction', prediction],
    queryFn: ({ signal }) => client.explain({ prediction }, { signal }),
    staleTime: Infinity,
  });
