import type { Operations } from '../api/routes.ts';
import type { ServerEvent } from '../api/views.ts';
import type { Topic } from '../kernel/events.ts';
import type { AliasMove } from '../registry/model.ts';
import type { Caller } from '../serving/endpoint.ts';
import { aliasOperations } from './alias-operations.ts';
import { type BatchDeps, batchOperations } from './batch-operations.ts';
import { findModel, projectNamed } from './hosted-models.ts';
import { dataOperations } from './data-operations.ts';
import { idOperations } from './id-operations.ts';
import { type JobDeps, jobOperations } from './job-operations.ts';
import { verdictView } from './model-views.ts';
import { type PredictionDeps, predictionOperations } from './prediction-operations.ts';
import { registryOperations } from './registry-operations.ts';
import { reportOperation } from './report-operation.ts';
import { reproduceOperation } from './reproduce-operation.ts';
import { skewOperation } from './skew-operation.ts';
import { type ProjectDeps, projectOperations } from './project-operations.ts';
import { type RunOperationDeps, runOperations } from './run-operations.ts';
import { trackingOperations } from './tracking-operations.ts';

export interface AppDeps extends ProjectDeps, PredictionDeps, RunOperationDeps {
  readonly events: Topic<ServerEvent>;
  /** The queue of requested runs. */
  readonly jobs: Omit<JobDeps, 'events'>;
  /** The files that are predicted. */
  readonly batches: BatchDeps;
}

/** The operations of the API over the projects of this process; HTTP and the command line call them. */
export function openApp(deps: AppDeps, caller: Caller): Operations {
  const { projects, stores } = deps;
  return {
    ...projectOperations(deps),
    ...predictionOperations(deps, caller),
    ...batchOperations({ ...deps.batches, projects, stores, blobs: deps.blobs }, caller),
    ...skewOperation(deps),
    ...reproduceOperation({ projects, stores, jobs: { ...deps.jobs, events: deps.events } }, caller),
    ...runOperations(deps),
    ...trackingOperations(deps),
    ...registryOperations(deps),
    ...reportOperation(deps),
    ...dataOperations(deps),
    ...idOperations({ runs: stores.tracking.runs, queue: deps.jobs.queue, predictions: deps.predictions }),
    ...jobOperations(
      { ...deps.jobs, events: deps.events },
      { caller, projectNamed: (name) => projectNamed(projects, name) },
    ),
    ...aliasOperations(
      {
        ...deps,
        registry: stores.registry,
        verdictSummary: (move) => verdictSummary(move, deps),
        endpointOf(name) {
          const found = findModel(projects, name);
          return found && { endpoint: found.endpoint, refresh: () => found.hosted.refresh(name) };
        },
      },
      caller,
    ),
  };
}

/** What the gate decided when it moved an alias; undefined for a move that a person made. */
async function verdictSummary(
  { model: name, alias, to, movedAt }: AliasMove,
  { projects, stores }: ProjectDeps,
): Promise<string | undefined> {
  const verdicts = await stores.registry.listVerdicts(name, to === undefined ? [] : [to]);
  const verdict = verdicts.find((each) => each.alias === alias && each.decidedAt === movedAt);
  const model = findModel(projects, name)?.model;
  return verdict && model && verdictView(verdict, model).summary;
}
