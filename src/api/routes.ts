import { z } from 'zod';
import type { JsonObject } from '../kernel/json.ts';
import type { FileContent, FileDownload } from './address.ts';
import type { AliasMoveView } from './alias-views.ts';
import type { BatchView, NewBatchView } from './batch-views.ts';
import {
  alias,
  askedBy,
  experimentList,
  ids,
  key,
  keys,
  model,
  mostCurves,
  name,
  page,
  version,
  why,
} from './common-input.ts';
import type { DataTableDetails, DataView } from './data-views.ts';
import type { ExperimentsFound } from './experiment-views.ts';
import type { IdView } from './id-views.ts';
import type { JobRow, JobView } from './job-views.ts';
import type { CurveView, RunKeysView } from './metric-views.ts';
import type { PurgeView } from './purge-views.ts';
import { flag, readingInput } from './reading-input.ts';
import { registryRoutes } from './registry-routes.ts';
import { type Route, route } from './route.ts';
import type { RunReportView } from './report-views.ts';
import type { RunRecord, RunsFound, RunsMoved } from './run-views.ts';
import type {
  EndpointView,
  ExplainView,
  ModelView,
  PredictionView,
  ProjectView,
  RunPageView,
  RunView,
  SkewView,
} from './views.ts';

export type { Route } from './route.ts';

/**
 * Every operation that the server offers under its own API. The server's routes, the client, the command line and
 * `addresses.ts` (`npx vitest run src/api --update` writes it) all come from this table: a new route is an entry here and its
 * handler in `src/app`.
 */
export const routes = {
  listProjects: route<readonly ProjectView[]>()({
    method: 'GET',
    path: '/api/projects',
    permission: 'read',
    input: z.object({}),
  }),
  getProject: route<ProjectView>()({
    method: 'GET',
    path: '/api/projects/:project',
    permission: 'read',
    input: z.object({ project: name }),
  }),
  /** What the sources of a project read, and what its models learn from. */
  listTables: route<DataView>()({
    method: 'GET',
    path: '/api/projects/:project/tables',
    permission: 'read',
    input: z.object({ project: name }),
  }),
  /** A table of `listTables` with the profile of every column. */
  getTable: route<DataTableDetails>()({
    method: 'GET',
    path: '/api/projects/:project/tables/:table',
    permission: 'read',
    input: z.object({ project: name, table: z.string().min(1).max(500) }),
  }),
  /** Runs of a project, the latest first. A page ends before its limit where its runs are large. */
  listRuns: route<RunPageView>()({
    method: 'GET',
    path: '/api/projects/:project/runs',
    permission: 'read',
    input: z.object({
      project: name,
      limit: z.coerce.number().int().min(1).max(1000).default(20),
      /** The `next` of the page before. */
      after: name.optional(),
    }),
  }),
  /** Queues a run; `getJob` returns its status. */
  startRun: route<JobView>()({
    method: 'POST',
    path: '/api/projects/:project/runs',
    permission: 'run',
    status: 202,
    input: z.object({
      project: name,
      /** A source, step, model or task. @default everything */
      target: name.optional(),
      by: askedBy,
      /** The caller's name for this request; a repeated request returns the same run. */
      key: name.optional(),
    }),
  }),
  /** Requested runs without their outcomes, the latest first; `listRuns` has those that recorded something. */
  listJobs: route<readonly JobRow[]>()({
    method: 'GET',
    path: '/api/projects/:project/jobs',
    permission: 'read',
    input: z.object({
      project: name,
      limit: z.coerce.number().int().min(1).max(1000).default(20),
      status: z.enum(['queued', 'running', 'finished', 'failed', 'cancelled', 'interrupted']).optional(),
    }),
  }),
  getJob: route<JobView>()({
    method: 'GET',
    path: '/api/runs/:run/job',
    permission: 'read',
    input: z.object({ run: name }),
  }),
  /** A queued run is cancelled at once, a running one as soon as its tasks have stopped. */
  cancelRun: route<JobView>()({
    method: 'POST',
    path: '/api/runs/:run/cancel',
    permission: 'run',
    input: z.object({ run: name }),
  }),
  getRun: route<RunView>()({
    method: 'GET',
    path: '/api/runs/:run',
    permission: 'read',
    input: z.object({ run: name }),
  }),
  /** How the models of a run learned, and where they are right and wrong, beside the live version. */
  getRunReport: route<RunReportView>()({
    method: 'GET',
    path: '/api/runs/:run/report',
    permission: 'read',
    input: z.object({ run: name }),
  }),
  /** The run of a project or of an MLflow client, with everything that it logged but the points of its metrics. */
  getRunRecord: route<RunRecord>()({
    method: 'GET',
    path: '/api/runs/:run/record',
    permission: 'read',
    input: z.object({ run: name }),
  }),
  /** Experiments of projects and of MLflow clients, the latest created first. */
  listExperiments: route<ExperimentsFound>()({
    method: 'GET',
    path: '/api/experiments',
    permission: 'read',
    input: z.object({
      /** @default 'active' */
      lifecycle: z.enum(['active', 'deleted', 'all']).optional(),
      ...page,
    }),
  }),
  /** The metrics, params and tags that a table of runs can have as columns. */
  listRunKeys: route<RunKeysView>()({
    method: 'POST',
    path: '/api/runs/keys',
    permission: 'read',
    input: z.object({
      experiments: experimentList,
      /** Only keys that have this text in them, in any case. @default every key */
      contains: z.string().max(250).optional(),
      /** Of each list. @default 1000 */
      limit: z.number().int().min(1).max(20_000).optional(),
    }),
  }),
  /** Metrics as lines to draw; a run without points of a metric has no line for it. */
  readCurves: route<readonly CurveView[]>()({
    method: 'POST',
    path: '/api/metrics/curves',
    permission: 'read',
    input: z
      .object({
        runs: z.array(name).min(1).max(100),
        metrics: z.array(key).min(1).max(100),
        /** @default 'step' */
        by: z.enum(['step', 'time']).optional(),
        /** The most points of a line. @default 500 */
        points: z.number().int().min(2).max(5000).optional(),
      })
      .refine(({ runs, metrics }) => runs.length * metrics.length <= mostCurves, {
        message: `At most ${mostCurves} curves at a time: fewer runs or metrics.`,
      }),
  }),
  /** The filter is MLflow's, with OR and parentheses besides. */
  searchRuns: route<RunsFound>()({
    method: 'POST',
    path: '/api/runs/search',
    permission: 'read',
    input: z.object({
      /** Names or ids; a name goes first. @default all active ones */
      experiments: experimentList,
      /** @default '' */
      filter: z.string().max(400_000).optional(),
      /** 'metrics.loss ASC'. @default the latest started first */
      orderBy: z.array(z.string().max(1000)).max(20).optional(),
      /** @default 'active' */
      lifecycle: z.enum(['active', 'deleted', 'all']).optional(),
      /** @default 100 */
      limit: z.number().int().min(1).max(1000).optional(),
      /** @default 0 */
      offset: z.number().int().min(0).max(1_000_000_000).optional(),
      /** Keys of the values that each run comes with. @default all of them */
      values: z.object({ metrics: keys, params: keys, tags: keys }).optional(),
      /** Whether to count what the search finds on all its pages. @default false */
      count: z.boolean().optional(),
    }),
  }),
  /** All of them or none; their artifacts stay where they are. */
  moveRuns: route<RunsMoved>()({
    method: 'POST',
    path: '/api/runs/move',
    permission: 'write',
    input: z.object({
      runs: z.array(name).min(1).max(1000),
      /** A name or an id; a name goes first. */
      experiment: z.string().min(1).max(500),
      /** Whether what is nested in them goes along. @default false */
      nested: z.boolean().optional(),
    }),
  }),
  /** Removes deleted data, which cannot be restored afterwards. */
  purge: route<PurgeView>()({
    method: 'POST',
    path: '/api/purge',
    permission: 'manage',
    input: z.object({
      runs: ids,
      loggedModels: ids,
      experiments: ids,
      /** Names of registered models, which have no life after their deletion: these are removed at once. */
      registeredModels: ids,
      /** Runs, logged models and experiments that were deleted so long ago: '30d'. */
      olderThan: z
        .string()
        .regex(/^\d{1,9}(\.\d{1,9})?(ms|s|m|h|d)$/, 'Give a number and one of ms, s, m, h, d: "30d"')
        .optional(),
      /** Only says what would go. @default false */
      dryRun: z.boolean().optional(),
    }),
  }),
  /** Finds ids by their first characters, at most 10, so that people need not type whole ones. */
  findIds: route<readonly IdView[]>()({
    method: 'GET',
    path: '/api/ids/:kind',
    permission: 'read',
    input: z.object({
      kind: z.enum(['run', 'job', 'prediction']),
      prefix: z.string().regex(/^[0-9a-f-]{1,36}$/, 'must be the first characters of an id: 0-9, a-f and -'),
    }),
  }),
  getModel: route<ModelView>()({
    method: 'GET',
    path: '/api/models/:model',
    permission: 'read',
    input: z.object({ model }),
  }),
  ...registryRoutes,
  /** Compares the features that the live version was trained with and those that serving computes now. */
  checkSkew: route<SkewView>()({
    method: 'GET',
    path: '/api/models/:model/skew',
    permission: 'read',
    input: z.object({
      model,
      /** Compares at most so many training rows, evenly spread. @default all */
      most: z.coerce.number().int().min(1).optional(),
    }),
  }),
  /** Queues a run that trains a version again and compares; `getJob` returns its status, and in the end the comparison. */
  reproduce: route<JobView>()({
    method: 'POST',
    path: '/api/models/:model/reproductions',
    permission: 'run',
    status: 202,
    input: z.object({
      model,
      version: version.optional(),
      /** Instead of a version. @default the alias that the gate moves */
      alias: alias.optional(),
      by: askedBy,
    }),
  }),
  /** The latest first. */
  listAliasMoves: route<readonly AliasMoveView[]>()({
    method: 'GET',
    path: '/api/models/:model/aliases/:alias/moves',
    permission: 'read',
    input: z.object({ model, alias }),
  }),
  promote: route<AliasMoveView>()({
    method: 'POST',
    path: '/api/models/:model/aliases/:alias',
    permission: 'deploy',
    input: z.object({
      model,
      alias,
      version,
      /** The version that the alias must be at, null for none. @default wherever it is */
      expected: version.nullable().optional(),
      why,
    }),
  }),
  /** Back to the version that was live before the present one first came. */
  rollback: route<AliasMoveView>()({
    method: 'POST',
    path: '/api/models/:model/aliases/:alias/rollback',
    permission: 'deploy',
    input: z.object({ model, alias, expected: version.optional(), why }),
  }),
  /** An endpoint that follows the alias then serves no version. */
  removeAlias: route<AliasMoveView>()({
    method: 'POST',
    path: '/api/models/:model/aliases/:alias/removal',
    permission: 'deploy',
    input: z.object({
      model,
      alias,
      /** The version that the alias must be at. @default wherever it is */
      expected: version.optional(),
      why,
    }),
  }),
  getEndpoint: route<EndpointView>()({
    method: 'GET',
    path: '/api/endpoints/:endpoint',
    permission: 'read',
    input: z.object({ endpoint: model }),
  }),
  explain: route<ExplainView>()({
    method: 'GET',
    path: '/api/predictions/:prediction',
    permission: 'read',
    input: z.object({ prediction: name }),
  }),
  /** One request object gives one prediction, a list of at most 1000 a list in the same order: all of them or an error. */
  predict: route<PredictionView | readonly PredictionView[]>()({
    method: 'POST',
    path: '/predict/:endpoint',
    permission: 'predict',
    body: 'request',
    input: z.object({
      endpoint: model,
      request: z.custom<JsonObject | readonly JsonObject[]>(),
      /** Whether to compute why; it costs far more than the prediction. @default false */
      explain: flag.optional(),
    }),
  }),
  /**
   * Stores a CSV file, also one that is compressed or in an archive, and predicts its first ten rows; `startBatch` predicts
   * all of them as a job. The job has the version that is live now.
   */
  createBatch: route<NewBatchView>()({
    method: 'POST',
    path: '/api/endpoints/:endpoint/batches',
    permission: 'predict',
    status: 201,
    file: 'upload',
    input: z.object({
      endpoint: model,
      /** The name of the file. @default 'rows.csv' */
      file: z.string().min(1).max(255).optional(),
      /** Whether to start it at once. @default false */
      start: flag.optional(),
      ...readingInput,
      content: z.custom<FileContent>(),
    }),
  }),
  /** The latest first; of files that are not removed yet. */
  listBatches: route<readonly BatchView[]>()({
    method: 'GET',
    path: '/api/endpoints/:endpoint/batches',
    permission: 'predict',
    input: z.object({ endpoint: model, limit: z.coerce.number().int().min(1).max(1000).default(20) }),
  }),
  getBatch: route<BatchView>()({
    method: 'GET',
    path: '/api/batches/:batch',
    permission: 'predict',
    input: z.object({ batch: name }),
  }),
  /** Starts a batch that is ready. One that failed or was cancelled continues after its last row. */
  startBatch: route<BatchView>()({
    method: 'POST',
    path: '/api/batches/:batch/start',
    permission: 'predict',
    status: 202,
    input: z.object({ batch: name }),
  }),
  /** A waiting batch is cancelled at once, a running one after the rows that it works on. */
  cancelBatch: route<BatchView>()({
    method: 'POST',
    path: '/api/batches/:batch/cancel',
    permission: 'predict',
    input: z.object({ batch: name }),
  }),
  /** The rows of the file with their predictions, in order; of a batch that has not finished, those that are done. */
  downloadBatch: route<FileDownload>()({
    method: 'GET',
    path: '/api/batches/:batch/output',
    permission: 'predict',
    file: 'download',
    input: z.object({ batch: name }),
  }),
} as const;

type Routes = typeof routes;
type InputOf<R> = R extends Route<infer Input, infer _Output> ? Input : never;
type OutputOf<R> = R extends Route<infer _Input, infer Output> ? Output : never;

/** The operations as functions: the server implements them, the client calls them, and the command line cannot tell which. */
export type Operations = {
  readonly [Name in Exclude<keyof Routes, 'predict'>]: (
    input: InputOf<Routes[Name]>,
  ) => Promise<OutputOf<Routes[Name]>>;
} & {
  predict<Request extends JsonObject | readonly JsonObject[]>(
    input: PredictInput<Request>,
  ): Promise<PredictOutput<Request>>;
};

export interface PredictInput<Request> {
  readonly endpoint: string;
  readonly request: Request;
  readonly explain?: boolean | undefined;
}

export type PredictOutput<Request> = Request extends readonly unknown[]
  ? readonly PredictionView[]
  : PredictionView;
