import { join } from 'node:path';
import { openFileArtifactStore } from '../adapters/files/artifact-store.ts';
import { openPredictionLog } from '../adapters/files/prediction-log.ts';
import { purgeStores } from '../adapters/sql/purge/purge.fixture.ts';
import type { Operations } from '../api/routes.ts';
import type { ServerEvent } from '../api/views.ts';
import { openTopic, type Topic } from '../kernel/events.ts';
import { platformError } from '../kernel/errors.ts';
import type { Log } from '../kernel/log.ts';
import type { Meter } from '../kernel/meter.ts';
import { type Houses, openHouses } from '../lifecycle/houses.fixture.ts';
import { operations as allOperations } from '../lifecycle/operations/all.ts';
import { type Plan, planProject } from '../lifecycle/plan.ts';
import { type Project, servedModels } from '../project/project.ts';
import { tablesByView } from '../lifecycle/features/lookups.ts';
import { openEndpoint } from '../serving/endpoint.ts';
import { openOnlineViews } from '../serving/online-views.ts';
import { sqlRunOwners } from '../adapters/sql/tracking/run-owners.ts';
import { sqlBatchStore } from '../adapters/sql/batches/batch-store.ts';
import { sqlJobQueue } from '../adapters/sql/jobs/job-queue.ts';
import type { RunOutcome } from '../api/views.ts';
import { systemClock } from '../kernel/clock.ts';
import type { JobQueue } from '../pipeline/job-queue.ts';
import { openBatchFiles } from '../serving/batch/files.ts';
import { openApp } from './app.ts';
import type { BatchDeps } from './batch-operations.ts';
import { type BatchWorker, type BatchWorkerOptions, openBatchWorker } from './batch-worker.ts';
import { jobEnd } from './job-operations.ts';
import { type JobWorker, type JobWorkerOptions, openJobWorker } from './job-worker.ts';
import { type HostedProject, hostProject } from './hosted-project.ts';

/** The operations of the API over a temporary state, as a host of them has them. */
export interface HousesApp extends AsyncDisposable {
  readonly houses: Houses;
  readonly app: Operations;
  /** What the operations work with. */
  readonly deps: Parameters<typeof openApp>[0];
  readonly events: readonly ServerEvent[];
  /** 'modelyard_pipeline_runs_total houses FINISHED' */
  readonly counted: readonly string[];
  /** Messages of errors that were logged. */
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  readonly queue: JobQueue;
  readonly worker: JobWorker;
  readonly topic: Topic<ServerEvent>;
  readonly batches: BatchDeps;
  /** Works on batches, once it is started. */
  readonly batchWorker: BatchWorker;
  /** Another worker over the same batches, as a process of its own has it. */
  openBatchWorker(owner: string, change?: Partial<BatchWorkerOptions>): BatchWorker;
  /** Another worker over the same jobs, as a process of its own has it. */
  openWorker(owner: string, change?: Partial<JobWorkerOptions>): JobWorker;
  /** Says that a process is there. */
  beat(owner: string): Promise<void>;
  /** Starts a run and waits for its end. @throws PlatformError what kept it from running */
  run(input: Parameters<Operations['startRun']>[0]): Promise<RunOutcome>;
  project(): HostedProject;
  /** Resolves when the endpoints have followed every move of an alias so far. */
  followed(): Promise<void>;
  /** Another project file over the same state. */
  host(project: Project): Promise<void>;
}

export async function openHousesApp(
  project: Project,
  operations: Plan['operations'] = allOperations,
): Promise<HousesApp> {
  const houses = await openHouses({ operations });
  const predictions = await openPredictionLog(join(houses.folder, 'predictions'));
  const events: ServerEvent[] = [];
  const topic = openTopic<ServerEvent>();
  topic.subscribe((event) => void events.push(event));
  const counted: string[] = [];
  const errors: string[] = [];
  const warnings: string[] = [];
  const meter: Meter = {
    count: (metric, labels) => void counted.push(`${metric} ${Object.values(labels).join(' ')}`),
    observe() {},
    set() {},
  };
  const log: Log = {
    debug() {},
    info() {},
    warn: (message) => void warnings.push(message),
    error: (message) => void errors.push(message),
  };
  const stores = { tracking: houses.tracking, registry: houses.registry, operations };
  const { blobs, loadCode } = houses;
  let hosted: HostedProject;
  const host = async (next: Project): Promise<void> => {
    const deps = { ...houses, stores, events: topic, log, meter, predictions };
    const plan = await planProject(next, houses.bundler, operations);
    const views = openOnlineViews({ ...houses, tables: tablesByView(next.models) });
    const endpoints = new Map(
      servedModels(next).map((model) => [model.name, openEndpoint(next.name, model, { ...deps, views })]),
    );
    for (const endpoint of endpoints.values()) await endpoint.refresh();
    hosted = hostProject(plan, endpoints, deps);
  };
  let followed: Promise<unknown> = Promise.resolve();
  houses.registry.onAliasMoved((move) => {
    followed = Promise.all([followed, hosted.follow(move)]);
  });
  await host(project);
  const artifacts = await openFileArtifactStore(join(houses.folder, 'artifacts'));
  const { moves, purge: purges } = purgeStores(houses.database);
  const runDeps = { moves, purges, artifacts, now: houses.now };
  const queue = sqlJobQueue(houses.database);
  const projects = (): readonly HostedProject[] => [hosted];
  const now = systemClock;
  const openWorker: HousesApp['openWorker'] = (owner, change = {}) =>
    openJobWorker({ queue, owner, projects, events: topic, now, log, isShared: false, ...change });
  const worker = openWorker('test');
  await worker.start();
  const jobs = { queue, now, wake: () => worker.wake() };
  const batchFiles = await openFileArtifactStore(join(houses.folder, 'batches'));
  const batches = {
    batches: sqlBatchStore(houses.database),
    files: openBatchFiles(batchFiles),
    now,
    wake: () => batchWorker.wake(),
  };
  const openOtherBatchWorker: HousesApp['openBatchWorker'] = (owner, change = {}) =>
    openBatchWorker({ ...batches, blobs, owner, projects, log, ...change });
  const batchWorker = openOtherBatchWorker('test');
  const deps = { ...runDeps, stores, blobs, predictions, projects, loadCode, events: topic, jobs, batches };
  const app = openApp(deps, { key: 'test', protocol: 'test' });
  return {
    houses,
    app,
    deps,
    queue,
    worker,
    topic,
    openWorker,
    batches,
    batchWorker,
    openBatchWorker: openOtherBatchWorker,
    beat: (owner) => sqlRunOwners(houses.database).beat(owner, now()),
    async run(input) {
      const { outcome, error } = await jobEnd((await app.startRun(input)).id, { queue, events: topic });
      if (error) throw platformError(error);
      if (!outcome) throw new TypeError('the run has no outcome');
      return outcome;
    },
    events,
    counted,
    errors,
    warnings,
    project: () => hosted,
    followed: async () => void (await followed),
    host,
    async [Symbol.asyncDispose]() {
      await worker[Symbol.asyncDispose]();
      await batchWorker[Symbol.asyncDispose]();
      await hosted.stop();
      await predictions[Symbol.asyncDispose]();
      await houses[Symbol.asyncDispose]();
    },
  };
}
