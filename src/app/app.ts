import type { Operations, PredictInput, PredictOutput } from '../api/routes.ts';
import type { ProjectView, ServerEvent } from '../api/views.ts';
import type { BlobStore } from '../data/blob-store.ts';
import { PlatformError } from '../kernel/errors.ts';
import { isPredictionId } from '../kernel/ids.ts';
import type { Topic } from '../kernel/events.ts';
import type { JsonObject } from '../kernel/json.ts';
import type { Model } from '../project/model.ts';
import type { AliasMove } from '../registry/model.ts';
import type { Caller, Endpoint } from '../serving/endpoint.ts';
import type { PredictionLog } from '../serving/prediction-log.ts';
import type { LoadCode } from '../serving/version.ts';
import type { Run } from '../tracking/model.ts';
import { tagOf } from '../tracking/run-entries.ts';
import type { RunStore } from '../tracking/run-store.ts';
import { aliasOperations } from './alias-operations.ts';
import type { HostedProject } from './hosted-project.ts';
import { idOperations } from './id-operations.ts';
import { type JobDeps, jobOperations } from './job-operations.ts';
import { verdictView, modelView, type ViewStores } from './model-views.ts';
import { endpointView, explainView, predictionView, simulatedSources } from './prediction-views.ts';
import { runOperations, type RunOperationDeps } from './run-operations.ts';
import { runRow, runView } from './run-views.ts';

export interface AppDeps {
  readonly projects: () => readonly HostedProject[];
  readonly stores: ViewStores;
  /** All runs and models, whoever made them. */
  readonly records: RunOperationDeps;
  readonly blobs: BlobStore;
  readonly loadCode: LoadCode;
  readonly predictions: PredictionLog;
  readonly events: Topic<ServerEvent>;
  /** Where runs that are asked for wait. */
  readonly jobs: Omit<JobDeps, 'events'>;
}

/** The operations of the API over the projects of this process; HTTP and the command line are thin hosts of it. */
export function openApp(deps: AppDeps, caller: Caller): Operations {
  const { stores } = deps;
  const projectNamed = (name: string): HostedProject =>
    found(
      deps.projects().find(({ plan }) => plan.project.name === name),
      'PROJECT_NOT_FOUND',
      { field: 'project', value: name, remedy: known(deps.projects().map(({ plan }) => plan.project.name)) },
    );
  const served = (): readonly { hosted: HostedProject; model: Model; endpoint: Endpoint }[] =>
    deps.projects().flatMap((hosted) =>
      [...hosted.plan.models.values()].flatMap(({ model }) => {
        const endpoint = hosted.endpoints.get(model.name);
        return endpoint ? [{ hosted, model, endpoint }] : [];
      }),
    );
  const modelNamed = (name: string, field: string): ReturnType<typeof served>[number] =>
    found(
      served().find(({ model }) => model.name === name),
      'MODEL_NOT_FOUND',
      { field, value: name, remedy: known(served().map(({ model }) => model.name)) },
    );

  const projectView = async (hosted: HostedProject): Promise<ProjectView> => {
    const { project, models } = hosted.plan;
    const activeId = hosted.activeRunId();
    const active = activeId && (await stores.tracking.runs.get(activeId));
    return {
      name: project.name,
      title: project.title,
      description: project.description ?? null,
      simulated: simulatedSources(project),
      tasks: hosted.tasks(),
      activeRun: active ? await runRow(active, project, stores) : null,
      models: await Promise.all(
        [...models.values()].map(({ model }) => modelView(model, hosted.endpoints.get(model.name), stores)),
      ),
      problem: hosted.problem ?? null,
    };
  };

  const endpointOf = (model: string): ReturnType<typeof served>[number] | undefined =>
    served().find((one) => one.model.name === model);
  const gateWords = async (change: AliasMove): Promise<string | undefined> => {
    const verdicts = await stores.registry.listVerdicts(
      change.model,
      change.to === undefined ? [] : [change.to],
    );
    const { alias, movedAt } = change;
    const verdict = verdicts.find((one) => one.alias === alias && one.decidedAt === movedAt);
    const model = endpointOf(change.model)?.model;
    return verdict && model && verdictView(verdict, model).summary;
  };

  return {
    ...runOperations(deps.records),
    ...aliasOperations(
      {
        ...deps,
        registry: stores.registry,
        now: deps.records.now,
        gateWords,
        endpointOf(name) {
          const found = endpointOf(name);
          if (!found) return undefined;
          const { hosted, endpoint } = found;
          return { endpoint, refresh: () => hosted.refresh(name) };
        },
      },
      caller,
    ),
    listProjects: async () => Promise.all(deps.projects().map(projectView)),
    getProject: async ({ project }) => projectView(projectNamed(project)),
    async listRuns({ project, limit, startedBefore }) {
      const hosted = projectNamed(project);
      const experiment = await stores.tracking.experiments.getByName(project);
      if (!experiment) return [];
      const runs = await stores.tracking.runs.list({
        experimentId: experiment.id,
        parentId: null,
        limit,
        ...(startedBefore !== undefined && { startedBefore }),
      });
      return Promise.all(runs.map((run) => runRow(run, hosted.plan.project, stores)));
    },
    async getRun({ run: id }) {
      const missing = { field: 'run', value: id, remedy: 'See the list of runs of the project.' };
      const run = found(await outermostRun(id, stores.tracking.runs), 'RUN_NOT_FOUND', missing);
      return runView(run, projectNamed(tagOf(run, 'modelyard.project') ?? '').plan.project, stores);
    },
    ...idOperations({ runs: deps.records.runs, queue: deps.jobs.queue, predictions: deps.predictions }),
    ...jobOperations({ ...deps.jobs, events: deps.events }, { caller, projectNamed }),
    async getModel({ model: name }) {
      const { model, endpoint } = modelNamed(name, 'model');
      return modelView(model, endpoint, stores);
    },
    async getEndpoint({ endpoint: name }) {
      const { endpoint, model, hosted } = modelNamed(name, 'endpoint');
      return endpointView(endpoint, model, { project: hosted.plan.project, stores });
    },
    async predict<Request extends JsonObject | readonly JsonObject[]>({
      endpoint: name,
      request,
      explain = false,
    }: PredictInput<Request>) {
      const { endpoint } = modelNamed(name, 'endpoint');
      const nameRows = Array.isArray(request);
      const rows = (nameRows ? request : [request]) as readonly JsonObject[];
      const predictions = await endpoint.predict(rows, caller, { explain, nameRows });
      const views = predictions.map((prediction) => predictionView(prediction, name));
      return (nameRows ? views : views[0]) as PredictOutput<Request>;
    },
    async explain({ prediction: id }) {
      const record = found(
        isPredictionId(id) ? await deps.predictions.find(id) : undefined,
        'PREDICTION_NOT_FOUND',
        {
          field: 'prediction',
          value: id,
          remedy: 'Give the predictionId of a prediction that was made on this machine.',
        },
      );
      const hosted = deps.projects().find(({ plan }) => plan.project.name === record.project);
      return explainView(record, { ...deps, project: hosted?.plan.project });
    },
  };
}

/** The run that a run is nested in, however deep. */
async function outermostRun(id: string, runs: RunStore): Promise<Run | undefined> {
  const visited = new Set([id]);
  let outermost = id;
  for (;;) {
    const [info] = await runs.getInfos([outermost]);
    // Parents that an older build stored may form a circle.
    if (!info?.parentId || visited.has(info.parentId)) return runs.get(outermost);
    outermost = info.parentId;
    visited.add(outermost);
  }
}

function found<Value>(
  value: Value | undefined,
  code: ConstructorParameters<typeof PlatformError>[0],
  detail: ConstructorParameters<typeof PlatformError>[1],
): Value {
  if (value !== undefined) return value;
  throw new PlatformError(code, detail);
}

function known(names: readonly string[]): string {
  return names.length > 0 ? `Known here: ${names.join(', ')}.` : 'None is known here yet.';
}
