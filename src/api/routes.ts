import { z } from 'zod';
import type { Permission } from '../access/permission.ts';
import type { JsonObject } from '../kernel/json.ts';
import { type Address, addresses } from './addresses.ts';
import type { AliasChangeView, PurgeView, RunsFound, RunsMoved } from './record-views.ts';
import type {
  EndpointView,
  ExplainView,
  ModelView,
  PredictionView,
  ProjectView,
  RunOutcome,
  RunRow,
  RunView,
} from './views.ts';

export interface Route<Input, Output> extends Address {
  readonly permission: Permission;
  readonly input: z.ZodType<Input>;
  readonly '~output'?: Output;
}

function route<Output>() {
  return <Input>(declared: Omit<Route<Input, Output>, '~output'>): Route<Input, Output> => declared;
}

const name = z.string().min(1).max(200);
/** MLflow's longest names of a model and of an alias. */
const model = z.string().min(1).max(250);
const alias = z.string().min(1).max(255);
const version = z.number().int().min(1);
/** Ids, or names of registered models. */
const ids = z.array(model).max(1000).optional();
const why = z.string().max(1000).optional();

/** Every operation that the server offers under its own API; handlers, client and command line are made from this table. */
export const routes = {
  listProjects: route<readonly ProjectView[]>()({
    ...addresses.listProjects,
    permission: 'read',
    input: z.object({}),
  }),
  getProject: route<ProjectView>()({
    ...addresses.getProject,
    permission: 'read',
    input: z.object({ project: name }),
  }),
  listRuns: route<readonly RunRow[]>()({
    ...addresses.listRuns,
    permission: 'read',
    input: z.object({
      project: name,
      limit: z.coerce.number().int().min(1).max(1000).default(20),
      startedBefore: z.coerce.number().int().optional(),
    }),
  }),
  startRun: route<RunOutcome>()({
    ...addresses.startRun,
    permission: 'run',
    input: z.object({ project: name, target: name.optional(), why: name.default('you') }),
  }),
  getRun: route<RunView>()({ ...addresses.getRun, permission: 'read', input: z.object({ run: name }) }),
  /** The filter is MLflow's, with OR and parentheses besides. */
  searchRuns: route<RunsFound>()({
    ...addresses.searchRuns,
    permission: 'read',
    input: z.object({
      /** Names or ids; a name goes first. @default all active ones */
      experiments: z.array(z.string().min(1).max(500)).max(1000).optional(),
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
    }),
  }),
  /** All of them or none; their artifacts stay where they are. */
  moveRuns: route<RunsMoved>()({
    ...addresses.moveRuns,
    permission: 'write',
    input: z.object({
      runs: z.array(name).min(1).max(1000),
      /** A name or an id; a name goes first. */
      experiment: z.string().min(1).max(500),
      /** Whether what is nested in them goes along. @default false */
      nested: z.boolean().optional(),
    }),
  }),
  /** Removes for good what was deleted. */
  purge: route<PurgeView>()({
    ...addresses.purge,
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
  getModel: route<ModelView>()({
    ...addresses.getModel,
    permission: 'read',
    input: z.object({ model: name }),
  }),
  /** The latest first. */
  listAliasMoves: route<readonly AliasChangeView[]>()({
    ...addresses.listAliasMoves,
    permission: 'read',
    input: z.object({ model, alias }),
  }),
  promote: route<AliasChangeView>()({
    ...addresses.promote,
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
  rollback: route<AliasChangeView>()({
    ...addresses.rollback,
    permission: 'deploy',
    input: z.object({ model, alias, expected: version.optional(), why }),
  }),
  getEndpoint: route<EndpointView>()({
    ...addresses.getEndpoint,
    permission: 'read',
    input: z.object({ endpoint: name }),
  }),
  explain: route<ExplainView>()({
    ...addresses.explain,
    permission: 'read',
    input: z.object({ prediction: name }),
  }),
  predict: route<PredictionView>()({
    ...addresses.predict,
    permission: 'predict',
    input: z.object({ endpoint: name, request: z.custom<JsonObject>() }),
  }),
} as const;

type Routes = typeof routes;
type InputOf<R> = R extends Route<infer Input, infer _Output> ? Input : never;
type OutputOf<R> = R extends Route<infer _Input, infer Output> ? Output : never;

/** The operations as functions: the server implements them, the client calls them, and the command line cannot tell which. */
export type Operations = {
  readonly [Name in keyof Routes]: (input: InputOf<Routes[Name]>) => Promise<OutputOf<Routes[Name]>>;
};
