import { loadModule } from '../../adapters/esbuild/load-module.ts';
import type { JobView } from '../../api/job-views.ts';
import type { Operations } from '../../api/routes.ts';
import type { ServerEvent } from '../../api/views.ts';
import { openApp } from '../../app/app.ts';
import { type BatchWorker, openBatchWorker } from '../../app/batch-worker.ts';
import type { HostedProject } from '../../app/hosted-project.ts';
import { enqueue, jobEnd } from '../../app/job-operations.ts';
import { type JobWorker, openJobWorker } from '../../app/job-worker.ts';
import { systemClock } from '../../kernel/clock.ts';
import type { Closers } from '../../kernel/closers.ts';
import { openTopic, type Topic } from '../../kernel/events.ts';
import type { Log } from '../../kernel/log.ts';
import type { Meter } from '../../kernel/meter.ts';
import type { Trigger } from '../../pipeline/job.ts';
import type { Caller } from '../../serving/endpoint.ts';
import type { LoadCode } from '../../serving/version.ts';
import type { Dependency } from '../../http/native/readiness.ts';
import { dependenciesOf } from './dependencies.ts';
import type { HostOptions, ProjectHost } from './host.ts';
import { self } from '../self.ts';
import type { State } from './state.ts';
import type { Workspace } from '../config/workspace.ts';

export interface AppOptions {
  /** The project to host. @default none */
  readonly workspace?: Workspace | undefined;
  readonly log: Log;
  readonly meter: Meter;
  /** What the processes of tasks see. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Params of the project, each 'name=value'. @default none */
  readonly set?: readonly string[] | undefined;
  /** Whether a run follows at once. @default false */
  readonly runs?: boolean | undefined;
}

/** The product over the stores of this process, for a server and for a command alike. Nothing runs in the background yet. */
export interface App {
  readonly events: Topic<ServerEvent>;
  readonly operationsFor: (caller: Caller) => Operations;
  /** What must answer before this process is ready. */
  readonly dependencies: readonly Dependency[];
  /** Absent without a project. */
  readonly host: ProjectHost | undefined;
  /** Does the runs that are asked for, once it is started. */
  readonly worker: JobWorker;
  /** Predicts the rows of files, once it is started. */
  readonly batchWorker: BatchWorker;
  /** Asks for a run of the hosted project. */
  readonly ask: (project: string, trigger: Trigger) => Promise<JobView>;
  /** The job when this process has done it. */
  readonly end: (job: JobView) => Promise<JobView>;
}

/** @throws PlatformError PROJECT_INVALID, USER_CODE_FAILED */
export async function buildApp(closers: Closers, state: State, options: AppOptions): Promise<App> {
  const {
    stores,
    moves,
    purges,
    artifacts,
    blobs,
    predictions,
    moduleFolder,
    jobs: queue,
    owner,
    alone,
  } = state;
  const { workspace, log, ...rest } = options;
  const events = openTopic<ServerEvent>();
  const loadCode: LoadCode = (bundle) => loadModule(bundle, { blobs, moduleFolder, self });
  const host = workspace && (await openHost(state, { workspace, events, loadCode, log, ...rest }));
  if (host) closers.add(host);
  const projects = (): readonly HostedProject[] => (host ? [host.project()] : []);
  // A run is of the files as they are when it starts.
  const runnable = (): readonly HostedProject[] =>
    host ? [{ ...host.project(), run: (run) => host.run(run) }] : [];
  const now = systemClock;
  const worker = closers.add(
    openJobWorker({ queue, owner, projects: runnable, events, now, log, isShared: !alone }),
  );
  const { batches: batchStore, batchFiles: files } = state;
  const batchWorker = closers.add(
    openBatchWorker({ batches: batchStore, files, blobs, owner, projects, now, log }),
  );
  const batches = { batches: batchStore, files, now, wake: () => batchWorker.wake() };
  const jobs = { queue, now, wake: () => worker.wake() };
  const runDeps = { moves, purges, artifacts, now };
  const deps = { ...runDeps, projects, stores, blobs, loadCode, predictions, events, jobs, batches };
  return {
    events,
    dependencies: dependenciesOf({ database: state.database, artifacts, blobs }),
    operationsFor(caller) {
      const operations = openApp(deps, caller);
      if (!host) return operations;
      return {
        ...operations,
        async startRun(run) {
          await host.refresh();
          return operations.startRun(run);
        },
      };
    },
    host,
    worker,
    batchWorker,
    end: ({ id }) => jobEnd(id, { queue, events }),
    ask: (project, trigger) => enqueue({ project, trigger }, { ...jobs, events }),
  };
}

/** A server of tracking alone does not load what a project needs. */
async function openHost(state: State, options: HostOptions): Promise<ProjectHost> {
  const { openProjectHost } = await import('./host.ts');
  return openProjectHost(state, options);
}
