import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import { PlatformError } from '../../src/client/index.ts';
import { modelQuery, versionQuery, versionsQuery } from './models/model-queries.ts';
import { parseAliasSearch, parseModelsSearch, parseVersionSearch } from './models/models-search.ts';
import {
  endpointQuery,
  experimentsQuery,
  explainQuery,
  projectQuery,
  projectsQuery,
  queries,
  recordQuery,
  runKeysQuery,
  runQuery,
  runsQuery,
  tableQuery,
  tablesQuery,
} from './queries.ts';
import { Failure, NotFound, Pending } from './shell/states.tsx';
import { parseRunsSearch } from './tracking/runs-search.ts';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const projects = createRoute({
  getParentRoute: () => root,
  path: '/',
  // Before the page itself is loaded, which a redirect does not need.
  beforeLoad: async () => {
    const [projects, experiments] = await Promise.all([
      queries.ensureQueryData(projectsQuery),
      queries.ensureQueryData(experimentsQuery),
    ]);
    const [only, another] = projects;
    if (!only || another || experiments.some(({ isProject, runs }) => !isProject && runs > 0)) return;
    queries.setQueryData(projectQuery(only.name).queryKey, only);
    throw redirect({ to: '/projects/$project', params: { project: only.name }, replace: true });
  },
  component: lazyRouteComponent(() => import('./home/home-page.tsx'), 'HomePage'),
});

/** The task whose panel is open is part of the address, so that a colleague can be sent to it. */
interface ProjectSearch {
  readonly task?: string;
}

const project = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project',
  validateSearch: ({ task }: Record<string, unknown>): ProjectSearch =>
    typeof task === 'string' && task !== '' ? { task } : {},
  loader: async ({ params }) => {
    void queries.prefetchInfiniteQuery(runsQuery(params.project));
    await queries.ensureQueryData(projectQuery(params.project));
  },
  component: lazyRouteComponent(() => import('./project/project-page.tsx'), 'ProjectPage'),
});

const data = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/data',
  validateSearch: ({ table }: Record<string, unknown>): { readonly table?: string } =>
    typeof table === 'string' && table !== '' ? { table } : {},
  loaderDeps: ({ search: { table } }) => ({ table }),
  loader: async ({ params: { project: name }, deps: { table } }) => {
    const [{ tables }] = await Promise.all([
      queries.ensureQueryData(tablesQuery(name)),
      queries.ensureQueryData(projectQuery(name)),
    ]);
    const id = table ?? tables[0]?.id;
    if (id !== undefined) await queries.ensureQueryData(tableQuery(name, id));
  },
  component: lazyRouteComponent(() => import('./data/data-page.tsx'), 'DataPage'),
});

function runOfAnotherProject(run: string, project: string): PlatformError {
  const remedy = `It is a run of the project ${project}.`;
  return new PlatformError('RUN_NOT_FOUND', { field: 'run', value: run, remedy });
}

const run = createRoute({
  getParentRoute: () => root,
  path: '/projects/$project/runs/$run',
  loader: async ({ params }) => {
    void queries.prefetchQuery(projectQuery(params.project));
    const { project: owner } = await queries.ensureQueryData(runQuery(params.run));
    if (owner !== params.project) throw runOfAnotherProject(params.run, owner);
  },
  component: lazyRouteComponent(() => import('./run/run-page.tsx'), 'RunPage'),
});

const experiment = createRoute({
  getParentRoute: () => root,
  path: '/experiments/$experiment',
  validateSearch: parseRunsSearch,
  loader: async ({ params: { experiment: id } }) => {
    await Promise.all([
      queries.ensureQueryData(experimentsQuery),
      queries.ensureQueryData(runKeysQuery([id], '')),
    ]);
  },
  component: lazyRouteComponent(() => import('./tracking/experiment-page.tsx'), 'ExperimentPage'),
});

const allRuns = createRoute({
  getParentRoute: () => root,
  path: '/runs',
  validateSearch: parseRunsSearch,
  component: lazyRouteComponent(() => import('./tracking/experiment-page.tsx'), 'AllRunsPage'),
});

const record = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run',
  loader: async ({ params }) => {
    const { project, parent } = await queries.fetchQuery(recordQuery(params.run));
    // The page of a pipeline's run has its tasks and verdicts; a run nested in it has only what it logged.
    if (project !== null && parent === null)
      throw redirect({
        to: '/projects/$project/runs/$run',
        params: { project, run: params.run },
        replace: true,
      });
  },
  component: lazyRouteComponent(() => import('./tracking/record-page.tsx'), 'RecordPage'),
});

const models = createRoute({
  getParentRoute: () => root,
  path: '/models',
  validateSearch: parseModelsSearch,
  component: lazyRouteComponent(() => import('./models/models-page.tsx'), 'ModelsPage'),
});

const model = createRoute({
  getParentRoute: () => root,
  path: '/models/$model',
  validateSearch: parseAliasSearch,
  loader: async ({ params: { model: name } }) => {
    await Promise.all([
      queries.ensureQueryData(modelQuery(name)),
      queries.ensureInfiniteQueryData(versionsQuery(name)),
    ]);
  },
  component: lazyRouteComponent(() => import('./models/model-page.tsx'), 'ModelPage'),
});

const version = createRoute({
  getParentRoute: () => root,
  path: '/models/$model/versions/$version',
  validateSearch: parseVersionSearch,
  loader: async ({ params: { model: name, version: number } }) => {
    await Promise.all([
      queries.ensureQueryData(modelQuery(name)),
      queries.ensureQueryData(versionQuery(name, Number(number))),
      queries.ensureInfiniteQueryData(versionsQuery(name)),
    ]);
  },
  component: lazyRouteComponent(() => import('./models/version-page.tsx'), 'VersionPage'),
});

const app = createRoute({
  getParentRoute: () => root,
  path: '/apps/$endpoint',
  validateSearch: (search: Record<string, unknown>): Record<string, string> =>
    Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)])),
  loader: async ({ params }) => {
    await queries.ensureQueryData(endpointQuery(params.endpoint));
  },
  component: lazyRouteComponent(() => import('./predict/predict-page.tsx'), 'PredictPage'),
});

const prediction = createRoute({
  getParentRoute: () => root,
  path: '/predictions/$prediction',
  loader: async ({ params }) => {
    await queries.ensureQueryData(explainQuery(params.prediction));
  },
  component: lazyRouteComponent(() => import('./explain/explain-page.tsx'), 'ExplainPage'),
});

export const router = createRouter({
  routeTree: root.addChildren([
    projects,
    project,
    data,
    run,
    experiment,
    allRuns,
    record,
    models,
    model,
    version,
    app,
    prediction,
  ]),
  defaultErrorComponent: Failure,
  defaultPendingComponent: Pending,
  defaultPreload: 'intent',
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
  // Everything in an address is text, so that a link reads as a person would write it: ?overs=12, not ?overs=%2212%22.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const given = Object.entries(search).filter(([, value]) => value !== undefined);
    const text = new URLSearchParams(
      given.map(([name, value]): [string, string] => [name, String(value)]),
    ).toString();
    return text === '' ? '' : `?${text}`;
  },
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
