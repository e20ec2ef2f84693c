import { type DataTag, type InfiniteData, QueryCache, QueryClient } from '@tanstack/react-query';
import {
  createClient,
  type CurveView,
  type DataTableDetails,
  type DataView,
  type EndpointView,
  type ExperimentRow,
  type ExperimentsFound,
  type ExplainView,
  type JobView,
  PlatformError,
  type ProjectView,
  type RunKeysView,
  type RunPageView,
  type RunRecord,
  type RunReportView,
  type RunView,
} from '../../src/client/index.ts';
import { signInWhenAsked } from './shell/sign-in.ts';

export const client = createClient('');

/** Only requests without a response are retried: a refusal would be the same again. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: signInWhenAsked }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      retry: (failures, error) =>
        failures < 2 && error instanceof PlatformError && error.code === 'NOT_READY',
    },
  },
});

interface Asking {
  readonly signal: AbortSignal;
}

/** Something that a page reads: its key in the cache and how to fetch it. */
export interface Read<Data> {
  readonly queryKey: DataTag<readonly string[], Data>;
  readonly queryFn: (asking: Asking) => Promise<Data>;
  readonly staleTime?: number;
}

export function read<Data>(key: readonly string[], queryFn: Read<Data>['queryFn']): Read<Data> {
  return { queryKey: key as DataTag<readonly string[], Data>, queryFn };
}

/** Who is signed in. */
export interface CallerView {
  /** Null without sign-in. */
  readonly name: string | null;
  /** Null for the admin token. */
  readonly roles: readonly string[] | null;
  /** Permissions: 'deploy' moves aliases. */
  readonly may: readonly string[];
  readonly canSignOut: boolean;
}

export const callerQuery: Read<CallerView | null> = {
  ...read(['caller'], async ({ signal }) => {
    const response = await fetch('/api/caller', { signal });
    return response.ok ? ((await response.json()) as CallerView) : null;
  }),
  staleTime: 60_000,
};

export const projectsQuery: Read<readonly ProjectView[]> = read(['projects'], (asking) =>
  client.listProjects({}, asking),
);

const atOnce = 1000;

/** Every active experiment. */
export const experimentsQuery: Read<readonly ExperimentRow[]> = read(['experiments'], async (asking) => {
  const found: ExperimentRow[] = [];
  let offset: number | null = 0;
  while (offset !== null) {
    const page: ExperimentsFound = await client.listExperiments({ limit: atOnce, offset }, asking);
    found.push(...page.experiments);
    offset = page.next;
  }
  return found;
});

/** What the runs of experiments logged, for columns. @param contains a text in the keys */
export function runKeysQuery(
  experiments: readonly string[] | undefined,
  contains: string,
): Read<RunKeysView> {
  return read(['run-keys', (experiments ?? ['all']).join(','), contains], (asking) =>
    client.listRunKeys(
      { ...(experiments && { experiments: [...experiments] }), ...(contains !== '' && { contains }) },
      asking,
    ),
  );
}

export function recordQuery(run: string): Read<RunRecord> {
  return read(['record', run], (asking) => client.getRunRecord({ run }, asking));
}

/** The metrics of one run as lines to draw. */
export function curvesQuery(
  run: string,
  metrics: readonly string[],
  by: 'step' | 'time',
): Read<readonly CurveView[]> {
  return read(['curves', run, by, JSON.stringify(metrics)], (asking) =>
    client.readCurves({ runs: [run], metrics: [...metrics], by }, asking),
  );
}

/** A file or a folder among the artifacts of a run, in the words of MLflow's API. */
export interface ArtifactFile {
  /** From the root of the run's artifacts. */
  readonly path: string;
  readonly is_dir: boolean;
  readonly file_size?: number | string;
}

/** What is in a folder of a run's artifacts. @param path '' for all of them */
export function artifactsQuery(run: string, path: string): Read<readonly ArtifactFile[]> {
  return read(['artifacts', run, path], async ({ signal }) => {
    const query = new URLSearchParams({ run_id: run, ...(path !== '' && { path }) });
    const response = await fetch(`/api/2.0/mlflow/artifacts/list?${query.toString()}`, { signal });
    if (!response.ok) throw await artifactError(response);
    const { files = [] } = (await response.json()) as { readonly files?: readonly ArtifactFile[] };
    return files;
  });
}

/** MLflow's API has errors of its own form. */
async function artifactError(response: Response): Promise<PlatformError> {
  const { message } = (await response.json().catch(() => ({}))) as { readonly message?: string };
  const remedy = message ?? `The server responded with ${response.status}: try again.`;
  return new PlatformError('INTERNAL', { field: 'artifacts', value: response.status, remedy });
}

export function projectQuery(project: string): Read<ProjectView> {
  return read(['project', project], (asking) => client.getProject({ project }, asking));
}

export function tablesQuery(project: string): Read<DataView> {
  return read(['tables', project], (asking) => client.listTables({ project }, asking));
}

export function tableQuery(project: string, table: string): Read<DataTableDetails> {
  return read(['tables', project, table], (asking) => client.getTable({ project, table }, asking));
}

export function runQuery(run: string): Read<RunView> {
  return read(['run', run], (asking) => client.getRun({ run }, asking));
}

/** The report of a run. @param endedAt when it ended: until then there is more to come */
export function reportQuery(run: string, endedAt: number | null): Read<RunReportView> {
  return read(['report', run, String(endedAt)], (asking) => client.getRunReport({ run }, asking));
}

/** The job of a run; polled too, in case its end event was missed. */
export function jobQuery(run: string): Read<JobView> {
  return read(['job', run], (asking) => client.getJob({ run }, asking));
}

export function endpointQuery(endpoint: string): Read<EndpointView> {
  return read(['endpoint', endpoint], (asking) => client.getEndpoint({ endpoint }, asking));
}

/** A trace never changes. */
export function explainQuery(prediction: string): Read<ExplainView> {
  return {
    ...read<ExplainView>(['prediction', prediction], (asking) => client.explain({ prediction }, asking)),
    staleTime: Infinity,
  };
}

export type RunPages = InfiniteData<RunPageView, string | undefined>;

export interface ReadRuns {
  readonly queryKey: DataTag<readonly string[], RunPages>;
  readonly queryFn: (asking: Asking & { readonly pageParam: string | undefined }) => Promise<RunPageView>;
  /** The cursor of a page; the first has none. */
  readonly initialPageParam: string | undefined;
  readonly getNextPageParam: (last: RunPageView) => string | undefined;
}

const firstRuns = 12;
const olderRuns = 50;

/** The latest runs first, then pages of older ones on demand. */
export function runsQuery(project: string): ReadRuns {
  return {
    queryKey: ['runs', project] as unknown as ReadRuns['queryKey'],
    queryFn: ({ signal, pageParam }) => {
      const limit = pageParam === undefined ? firstRuns : olderRuns;
      return client.listRuns({ project, limit, after: pageParam }, { signal });
    },
    initialPageParam: undefined,
    getNextPageParam: ({ next }) => next ?? undefined,
  };
}
