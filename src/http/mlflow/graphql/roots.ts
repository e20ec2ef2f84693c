import type { Json, JsonObject } from '../../../kernel/json.ts';
import type { Log } from '../../../kernel/log.ts';
import { type Endpoint, unnamedCaller } from '../wire/endpoint.ts';
import { asMlflowError, mlflowError } from '../wire/errors.ts';
import type { WireObject, WireValue } from '../wire/json.ts';
import { readInput } from '../wire/read-request.ts';
import type { ResolvedValue, Roots } from './execute.ts';

/** The endpoints behind the root fields: GraphQL names what REST does. */
const endpointOf = {
  mlflowGetExperiment: '/mlflow/experiments/get',
  mlflowGetRun: '/mlflow/runs/get',
  mlflowGetMetricHistoryBulkInterval: '/mlflow/metrics/get-history-bulk-interval',
  mlflowListArtifacts: '/mlflow/artifacts/list',
  mlflowSearchModelVersions: '/mlflow/model-versions/search',
  mlflowSearchRuns: '/mlflow/runs/search',
  mlflowSearchDatasets: '/mlflow/experiments/search-datasets',
} as const;

/** The most experiments and version lists that one request may look up beside its runs. */
const mostLookups = 1000;

/** The root fields over the endpoints of a table; a run also has its experiment and versions. */
export function graphqlRoots<Services extends { readonly log: Log }>(
  endpoints: readonly Endpoint<Services>[],
  services: Services,
): Roots {
  const call = async (path: string, input: JsonObject): Promise<WireObject> => {
    const found = endpoints.find((each) => each.path === path);
    if (!found) throw mlflowError('NOT_IMPLEMENTED', `${path} is not served.`);
    const sent = { method: 'POST', contentType: 'application/json', query: {}, params: {} };
    try {
      return await found.handle(
        readInput(found, { ...sent, body: JSON.stringify(input) }) as never,
        services,
        unnamedCaller,
      );
    } catch (error) {
      throw reportedError(error, path, services.log);
    }
  };
  const fields = Object.entries(endpointOf).map(([field, path]): [string, Roots[string]] => [
    field,
    async ({ input = {} }) => camelCased(await call(path, snakeCased(input) as JsonObject), lookups(call)),
  ]);
  const echo = async ({ inputString = null }: JsonObject): Promise<ResolvedValue> => ({
    output: inputString,
  });
  return { ...Object.fromEntries(fields), test: echo, testMutation: echo };
}

/** The message for the caller; an unexpected error is only logged. */
function reportedError(error: unknown, path: string, log: Log): Error {
  const reported = asMlflowError(error);
  if (reported.code === 'INTERNAL_ERROR')
    log.error('a GraphQL request failed', {
      path,
      error: error instanceof Error ? error.stack : String(error),
    });
  return reported;
}

type Call = (path: string, input: JsonObject) => Promise<WireObject>;
type AddToRun = (run: WireObject) => { readonly [name: string]: ResolvedValue };

/** Members that a run has in GraphQL only, each fetched on demand. */
function lookups(call: Call): AddToRun {
  const experiments = new Map<string, Promise<ResolvedValue>>();
  let spent = 0;
  const limited = async (path: string, input: JsonObject): Promise<WireObject> => {
    if (++spent > mostLookups)
      throw mlflowError(
        'INVALID_PARAMETER_VALUE',
        `A query may look up ${mostLookups} things beside its runs.`,
      );
    return call(path, input);
  };
  const experimentOf = async (id: string): Promise<ResolvedValue> => {
    const { experiment } = await limited(endpointOf.mlflowGetExperiment, { experiment_id: id });
    return camelCased(experiment);
  };
  return ({ info }) => {
    const { run_id, experiment_id } = info as { readonly run_id: string; readonly experiment_id: string };
    return {
      experiment: async () => {
        const experiment = experiments.get(experiment_id) ?? experimentOf(experiment_id);
        experiments.set(experiment_id, experiment);
        return experiment;
      },
      modelVersions: async () => {
        const filter = `run_id='${run_id}'`;
        const { model_versions = [] } = await limited(endpointOf.mlflowSearchModelVersions, { filter });
        return camelCased(model_versions);
      },
    };
  };
}

function snakeCased(value: Json): Json {
  if (Array.isArray(value)) return (value as readonly Json[]).map(snakeCased);
  if (typeof value !== 'object' || value === null) return value;
  const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [snake(name), snakeCased(part)]));
}

/** Members that are 64-bit integers, which are texts in GraphQL. */
const longNames: ReadonlySet<string> = new Set([
  'startTime',
  'endTime',
  'creationTime',
  'lastUpdateTime',
  'creationTimestamp',
  'lastUpdatedTimestamp',
  'timestamp',
  'step',
  'fileSize',
]);

function camelCased(value: WireValue, addToRun?: AddToRun, name = ''): ResolvedValue {
  if (Array.isArray(value))
    return (value as readonly WireValue[]).map((item) => camelCased(item, addToRun, name));
  if (typeof value === 'object') {
    const present = Object.entries(value).filter(([, part]) => part !== undefined);
    const members = present.map(([key, part]): [string, ResolvedValue] => {
      const camel = key.replaceAll(/_([a-z])/g, (_whole, letter: string) => letter.toUpperCase());
      return [camel, camelCased(part, addToRun, camel)];
    });
    const isRun = addToRun && (name === 'run' || name === 'runs');
    return { ...Object.fromEntries(members), ...(isRun ? addToRun(value as WireObject) : {}) };
  }
  if (longNames.has(name) || typeof value === 'bigint') return String(value);
  if (name === 'value' && (value === 'NaN' || (typeof value === 'number' && !Number.isFinite(value))))
    return null;
  return value ?? null;
}
