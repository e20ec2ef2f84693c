import { randomInt } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { openBundler } from '../adapters/esbuild/bundler.ts';
import { loadModule } from '../adapters/esbuild/load-module.ts';
import { loadProject } from '../adapters/esbuild/load-project.ts';
import { openFileBlobStore } from '../adapters/files/blob-store.ts';
import { openPredictionLog } from '../adapters/files/prediction-log.ts';
import { openFileResultStore } from '../adapters/files/result-store.ts';
import { openStateLock } from '../adapters/files/state-lock.ts';
import { openProcessLauncher } from '../adapters/process/launcher.ts';
import { sqlRegistryStore } from '../adapters/sql/registry-store.ts';
import { openSqlite } from '../adapters/sql/sqlite.ts';
import { sqlTrackingStore } from '../adapters/sql/tracking-store.ts';
import type { Operations } from '../api/routes.ts';
import type { ServerEvent } from '../api/views.ts';
import { type Caller, openApp } from '../app/app.ts';
import { type HostedProject, hostProject } from '../app/hosted-project.ts';
import { systemClock } from '../kernel/clock.ts';
import { type Closers, openClosers } from '../kernel/closers.ts';
import { siblingEntry } from '../kernel/entry.ts';
import { PlatformError } from '../kernel/errors.ts';
import { openTopic, type Topic } from '../kernel/events.ts';
import type { Log } from '../kernel/log.ts';
import type { Meter } from '../kernel/meter.ts';
import { seededRandom } from '../kernel/random.ts';
import { wholeResults } from '../pipeline/whole-results.ts';
import { planProject } from '../lifecycle/plan.ts';
import { type Endpoint, openEndpoint } from '../serving/endpoint.ts';
import type { LoadCode } from '../serving/version.ts';
import { self } from './self.ts';
import type { Workspace } from './workspace.ts';

export interface RuntimeOptions {
  /** Who has the state, for whoever finds it taken: 'modelyard dev'. */
  readonly holder: string;
  readonly workspace: Workspace;
  readonly log: Log;
  readonly meter: Meter;
  /** What the processes of tasks see. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** A project and its state, open in this process. */
export interface Runtime extends AsyncDisposable {
  readonly events: Topic<ServerEvent>;
  operationsFor(caller: Caller): Operations;
  project(): HostedProject;
  /** The project's own files: what a change of reloads it. */
  files(): readonly string[];
  /** Reads the project file again; one that does not load leaves the last good one and says why. */
  reload(): Promise<void>;
}

/**
 * Opens everything that a project runs on: this is where ports meet their adapters.
 * @throws PlatformError STATE_LOCKED, STATE_DAMAGED, STATE_UNWRITABLE, PROJECT_INVALID, USER_CODE_FAILED
 */
export async function openRuntime(options: RuntimeOptions): Promise<Runtime> {
  const closers = openClosers();
  try {
    return await openInto(closers, options);
  } catch (error) {
    await closers[Symbol.asyncDispose]();
    throw error;
  }
}

async function openInto(
  closers: Closers,
  { holder, workspace, log, meter, env }: RuntimeOptions,
): Promise<Runtime> {
  const { configPath, projectFolder, stateFolder } = workspace;
  const folder = (name: string): string => join(stateFolder, name);
  await makeFolder(stateFolder);
  closers.add(await openStateLock(stateFolder, { holder }));
  const database = closers.add(await openSqlite(folder('modelyard.db')));
  const stores = { tracking: sqlTrackingStore(database), registry: sqlRegistryStore(database) };
  const blobFolder = folder('blobs');
  const moduleFolder = folder('modules');
  const blobs = closers.add(await openFileBlobStore(blobFolder));
  const results = wholeResults(await openFileResultStore(folder('results')), blobs);
  const predictions = closers.add(await openPredictionLog(folder('predictions')));
  const launcher = openProcessLauncher({
    entry: siblingEntry(import.meta.url, './task-process'),
    env,
    blobFolder,
    moduleFolder,
    projectFolder,
  });
  const loadCode: LoadCode = (bundle) => loadModule(bundle, { blobs, moduleFolder, self });
  const events = openTopic<ServerEvent>();
  await stores.tracking.killUnfinished(systemClock());

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
    random: seededRandom(randomInt(2 ** 32)),
    slots: Math.max(2, availableParallelism()),
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

  return {
    events,
    operationsFor: (caller) =>
      openApp({ projects: () => [hosted.project], stores, blobs, loadCode, predictions, events }, caller),
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

async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true });
  } catch (cause) {
    throw new PlatformError(
      'STATE_UNWRITABLE',
      {
        field: 'state folder',
        value: path,
        remedy: 'Make the folder writable, or name another with --state or MODELYARD_STATE.',
      },
      { cause },
    );
  }
}
