import { z } from 'zod';
import type { Permission } from '../access/permission.ts';
import type { JsonObject } from '../kernel/json.ts';
import { type Address, addresses } from './addresses.ts';
import type { EndpointView, ExplainView, ModelView, PredictionView, ProjectView, RunOutcome, RunRow, RunView } from './views.ts';

export interface Route<Input, Output> extends Address {
  readonly permission: Permission;
  readonly input: z.ZodType<Input>;
  readonly '~output'?: Output;
}

function route<Output>() {
  return <Input>(declared: Omit<Route<Input, Output>, '~output'>): Route<Input, Output> => declared;
}

const name = z.string().min(1).max(200);

/** Every operation that the server offers under its own API; handlers, client and command line are made from this table. */
export const routes = {
  listProjects: route<readonly ProjectView[]>()({ ...addresses.listProjects, permission: 'read', input: z.object({}) }),
  getProject: route<ProjectView>()({ ...addresses.getProject, permission: 'read', input: z.object({ project: name }) }),
  listRuns: route<readonly RunRow[]>()({
    ...addresses.listRuns,
    permission: 'read',
    input: z.object({ project: name, limit: z.coerce.number().int().min(1).max(1000).default(20), startedBefore: z.coerce.number().int().optional() }),
  }),
  startRun: route<RunOutcome>()({
    ...addresses.startRun,
    permission: 'run',
    input: z.object({ project: name, target: name.optional(), why: name.default('you') }),
  }),
  getRun: route<RunView>()({ ...addresses.getRun, permission: 'read', input: z.object({ run: name }) }),
  getModel: route<ModelView>()({ ...addresses.getModel, permission: 'read', input: z.object({ model: name }) }),
  getEndpoint: route<EndpointView>()({ ...addresses.getEndpoint, permission: 'read', input: z.object({ endpoint: name }) }),
  explain: route<ExplainView>()({ ...addresses.explain, permission: 'read', input: z.object({ prediction: name }) }),
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
export type Operations = { readonly [Name in keyof Routes]: (input: InputOf<Routes[Name]>) => Promise<OutputOf<Routes[Name]>> };
