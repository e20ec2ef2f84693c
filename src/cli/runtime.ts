import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openBundler } from '../adapters/esbuild/bundler.ts';
import { loadModule } from '../adapters/esbuild/load-module.ts';
import { loadProject } from '../adapters/esbuild/load-project.ts';
import { openProcessLauncher } from '../adapters/process/launcher.ts';
import type { Operations } from '../api/routes.ts';
import type { ServerEvent } from '../api/views.ts';
import { openApp } from '../app/app.ts';
import { type HostedProject, hostProject } from '../app/hosted-project.ts';
import { systemClock } from '../kernel/clock.ts';
import { type Closers, closingOnError } from '../kernel/closers.ts';
import { siblingEntry } from '../kernel/entry.ts';
import { PlatformError } from '../kernel/errors.ts';
import { openTopic, type Topic } from '../kernel/events.ts';
import type { MlflowServices } from '../http/mlflow/index.ts';
import type { Log } from '../kernel/log.ts';
import type { Meter } from '../kernel/meter.ts';
import { planProject } from '../lifecycle/plan.ts';
import { type Caller, type Endpoint, openEndpoint } from '../serving/endpoint.ts';
import type { LoadCode } from '../serving/version.ts';
import { reportLosses } from './prediction-losses.ts';
import { readMirror } from './mirror-config.ts';
import { self } from './self.ts';
import { openState } from './state.ts';
import { readRegistryConfig } from './registry-config.ts';
import { runSourceTags } from './run-source.ts';
import type { Workspace } from './workspace.ts';

export interface RuntimeOptions {
  /** Who has the state, for whoever finds it taken: 'modelyard dev'. */
  readonly holder: string;
  readonly workspace: Workspace;
  readonly log: Log;
  readonly meter: Meter;
  /** How long closing waits for what the mirror has still to send, in milliseconds. @default 0 */
  readonly drain?: number;
  /** What the processes of tasks see. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A project and its state, open in this process. */
export interface Runtime extends AsyncDisposable {
  readonly events: Topic<ServerEvent>;
  operationsFor(caller: Caller): Operations;
  readonly mlflow: MlflowServices;
  project(): HostedProject;
  /** The project's own files: what a change of reloads it. */
  files(): readonly string[];
  /** Reads the project file again; one that does not load leaves the last good one and says why. */
  reload(): Promise<void>;
}

/**
 * Opens a project on its state.
 * @throws PlatformError STATE_LOCKED, STATE_DAMAGED, STATE_UNWRITABLE, PROJECT_INVALID, USER_CODE_FAILED
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  return closingOnError((closers) => openInto(closers, options));
}

async function openInto(
  closers: Closers,
  { holder, workspace, log, meter, env, drain = 0 }: RuntimeOptions,
): Promise<Runtime> {
  const { configPath, projectFolder, stateFolder } = workspace;
  const mirror = readMirror(env);
  const state = await openState(closers, {
    stateFolder,
    holder,
    log,
    predictionLog: reportLosses(log, meter),
    registry: readRegistryConfig(env),
    mirror: mirror && { ...mirror, meter, drain },
  });
  const { stores, records, blobs, blobLocation, results, predictions } = state;
  const moduleFolder = join(stateFolder, 'modules');
  const launcher = openProcessLauncher({
    entry: siblingEntry(import.meta.url, './task-process'),
    env,
    blobs: blobLocation,
    moduleFolder,
    projectFolder,
  });
  const loadCode: LoadCode = (bundle) => loadModule(bundle, { blobs, moduleFolder, self });
  const events = openTopic<ServerEvent>();

  const deps = {
    results,
    launcher,
    blobs,
    ...stores,
    stores,
    events,
    log,
    meter,
    predictions,
    loadCode,
    now: systemClock,
    random: state.random,
    sourceTags: () => runSourceTags({ folder: projectFolder, name: configPath }),
    concurrency: Math.max(2, availableParallelism()),
  };
  const host = async (): Promise<{ readonly project: HostedProject; readonly files: readonly string[] }> => {
    const loaded = await loadProject(configPath, { moduleFolder, self });
    const plan = await planProject(loaded.project, openBundler(loaded, { blobs }));
    const endpoints = new Map<string, Endpoint>();
    for (const { model } of plan.models.values())
      endpoints.set(model.name, openEndpoint(loaded.project.name, model, deps));
    for (const endpoint of endpoints.values())
      await endpoint
        .refresh()
        .catch((error: unknown) =>
          log.error('a version could not be loaded', { endpoint: endpoint.name, error: String(error) }),
        );
    return { project: hostProject(plan, endpoints, deps), files: loaded.files };
  };
  let hosted = await host();
  closers.defer(() => hosted.project.stop());
  state.stores.registry.onAliasMoved((move) => void hosted.project.follow(move));

  return {
    events,
    operationsFor: (caller) =>
      openApp(
        {
          projects: () => [hosted.project],
          stores,
          records,
          blobs,
          loadCode,
          predictions,
          events,
        },
        caller,
      ),
    mlflow: state.mlflow.services,
    project: () => hosted.project,
    files: () => hosted.files,
    async reload() {
      try {
        const next = await host();
        await hosted.project.stop();
        hosted = next;
      } catch (error) {
        if (!(error instanceof PlatformError)) throw error;
        hosted.project.problem = error.toJSON();
      }
      events.publish({ type: 'project', project: hosted.project.plan.project.name });
    },
    [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose](),
  };
}
