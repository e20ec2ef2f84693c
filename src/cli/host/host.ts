import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { openBundler } from '../../adapters/esbuild/bundler.ts';
import { type LoadedProject, loadProject } from '../../adapters/esbuild/load-project.ts';
import { userCodeError } from '../../adapters/esbuild/user-error.ts';
import { openProcessLauncher } from '../../adapters/process/launcher.ts';
import { type HostDeps, type HostedProject, type HostedRun, hostProject } from '../../app/hosted-project.ts';
import type { RunOutcome, ServerEvent } from '../../api/views.ts';
import { systemClock } from '../../kernel/clock.ts';
import { taskEntry } from '../task-entry.ts';
import { PlatformError, platformError } from '../../kernel/errors.ts';
import type { Topic } from '../../kernel/events.ts';
import type { Log } from '../../kernel/log.ts';
import type { Meter } from '../../kernel/meter.ts';
import { tablesByView } from '../../lifecycle/features/lookups.ts';
import { planProject } from '../../lifecycle/plan.ts';
import { unlistedExports } from '../../project/unlisted.ts';
import { servedModels } from '../../project/project.ts';
import { type Endpoint, type EndpointDeps, openEndpoint } from '../../serving/endpoint.ts';
import { openOnlineViews } from '../../serving/online-views.ts';
import type { LoadCode } from '../../serving/version.ts';
import { type GivenParams, paramsText, readGivenParams } from './given-params.ts';
import { type ProjectTypes, projectTypes } from './project-types.ts';
import { pythonOf } from './python.ts';
import { runSourceTags } from './run-source.ts';
import { maskingLauncher, openSecrets } from '../config/secrets.ts';
import { self } from '../self.ts';
import type { State } from './state.ts';
import type { Workspace } from '../config/workspace.ts';

export interface HostOptions {
  readonly workspace: Workspace;
  readonly events: Topic<ServerEvent>;
  readonly log: Log;
  readonly meter: Meter;
  readonly loadCode: LoadCode;
  /** What the processes of tasks see. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Params of the project, each 'name=value'. @default none */
  readonly set?: readonly string[] | undefined;
  /** Begins to check the types while the project is planned, for a run that follows. @default before a run */
  readonly runs?: boolean | undefined;
}

/** A project file, loaded over the stores of this process. */
export interface ProjectHost extends AsyncDisposable {
  project(): HostedProject;
  /** Changes to these files reload the project. */
  files(): readonly string[];
  /**
   * Reads the project file again; one that does not load leaves the last good one and says why. Stops a run of an earlier
   * change, and waits for a run that somebody requested.
   */
  reload(): Promise<void>;
  /**
   * Reloads a project whose files changed, unless a run is active: the next run does it.
   * @throws PlatformError the project's problem, if it does not load
   */
  refresh(): Promise<void>;
  /** Runs the project as its files are now. @throws PlatformError its problem, if it does not load; as `HostedProject.run` */
  run(options: HostedRun): Promise<RunOutcome>;
}

/** @throws PlatformError PROJECT_INVALID, USER_CODE_FAILED */
export async function openProjectHost(state: State, options: HostOptions): Promise<ProjectHost> {
  const { events } = options;
  const deps = depsOf(state, options);
  let loaded = await load(state, options, deps);
  const stopFollowing = state.stores.registry.onAliasMoved((move) => void loaded.project.follow(move));
  const reload = async (): Promise<void> => {
    try {
      const next = await load(state, { ...options, runs: true }, deps);
      const before = loaded;
      try {
        await next.types.refuse();
        await before.project.replace();
      } catch (error) {
        await closeEndpoints(next);
        throw error;
      }
      // Requests that arrive while the old endpoints close go to the new ones.
      loaded = next;
      await closeEndpoints(before);
    } catch (error) {
      if (!(error instanceof PlatformError)) throw error;
      loaded.project.problem = error.toJSON();
    }
    events.publish({ type: 'project', project: loaded.project.plan.project.name });
  };
  let activeRuns = 0;
  const refresh = async (): Promise<void> => {
    if (loaded.project.problem || !(await isCurrent(loaded))) await reload();
    if (loaded.project.problem) throw platformError(loaded.project.problem);
  };
  /** The pages show the mistakes until the project is loaded without them. */
  const refuseMistyped = async (): Promise<void> => {
    const { project, types } = loaded;
    try {
      await types.refuse();
    } catch (error) {
      if (error instanceof PlatformError) project.problem = error.toJSON();
      events.publish({ type: 'project', project: project.plan.project.name });
      throw error;
    }
  };
  return {
    project: () => loaded.project,
    files: () => [...new Set([...loaded.files, ...loaded.types.files()])],
    reload,
    async refresh() {
      if (activeRuns === 0) await refresh();
    },
    async run(run) {
      activeRuns += 1;
      try {
        await refresh();
        // What is reproduced is not made of today's files.
        if (!run.reproduces) await refuseMistyped();
        return await loaded.project.run(run);
      } finally {
        activeRuns -= 1;
      }
    },
    async [Symbol.asyncDispose]() {
      stopFollowing();
      await loaded.project.stop();
      await closeEndpoints(loaded);
    },
  };
}

type Deps = HostDeps & Omit<EndpointDeps, 'views'>;

function depsOf(state: State, { workspace, events, loadCode, log, meter, env }: HostOptions): Deps {
  const { stores, artifacts, blobs, blobLocation, blobCache, moduleFolder, results, predictions, random } =
    state;
  const secret = openSecrets(env);
  const processes = openProcessLauncher({
    entry: taskEntry,
    env,
    blobs: blobLocation,
    cache: blobCache,
    moduleFolder,
    projectFolder: workspace.projectFolder,
  });
  return {
    results,
    launcher: maskingLauncher(processes, secret),
    secret,
    artifacts,
    blobs,
    ...stores,
    stores,
    events,
    log,
    meter,
    predictions,
    loadCode,
    now: systemClock,
    random,
    python: pythonOf(env),
    concurrency: Math.max(2, availableParallelism()),
  };
}

interface Loaded {
  readonly project: HostedProject;
  readonly endpoints: ReadonlyMap<string, Endpoint>;
  readonly files: readonly string[];
  /** What was read, the installed packages included. */
  readonly texts: LoadedProject['texts'];
  readonly paramsFile: GivenParams['file'];
  readonly types: ProjectTypes;
}

async function closeEndpoints({ endpoints }: Loaded): Promise<void> {
  await Promise.all([...endpoints.values()].map((endpoint) => endpoint.close()));
}

/** Whether the files that the project was loaded from have not changed since. */
async function isCurrent({ texts, paramsFile }: Loaded): Promise<boolean> {
  if ((await paramsText(paramsFile.path).catch(() => undefined)) !== paramsFile.text) return false;
  for (const [path, text] of texts)
    if ((await readFile(path, 'utf8').catch(() => undefined)) !== text) return false;
  return true;
}

async function load(
  { blobs, moduleFolder }: State,
  { workspace: { configPath, projectFolder, stateFolder }, env, set = [], runs = false }: HostOptions,
  deps: Deps,
): Promise<Loaded> {
  const { given, file } = await readGivenParams({ projectFolder, env, set });
  const loaded = await loadProject(configPath, { moduleFolder, self, given });
  const types = projectTypes(loaded.project, { ...loaded, cacheFolder: moduleFolder });
  if (runs) types.begin();
  const planned = await planProject(loaded.project, openBundler(loaded, { blobs })).catch(
    (error: unknown) => {
      throw error instanceof PlatformError ? userCodeError(error, loaded.folder) : error;
    },
  );
  const plan = {
    ...planned,
    params: loaded.params ?? {},
    notices: [...types.notices, ...unlistedExports(loaded.project, loaded.namespaces.values())],
  };
  const views = openOnlineViews({ ...deps, tables: tablesByView(loaded.project.models) });
  const endpoints = new Map<string, Endpoint>();
  for (const model of servedModels(loaded.project))
    endpoints.set(model.name, openEndpoint(loaded.project.name, model, { ...deps, views }));
  for (const endpoint of endpoints.values())
    await endpoint
      .refresh()
      .catch((error: unknown) =>
        deps.log.error('a version could not be loaded', { endpoint: endpoint.name, error: String(error) }),
      );
  return {
    project: hostProject(plan, endpoints, {
      ...deps,
      sourceTags: () =>
        runSourceTags({
          folder: projectFolder,
          name: configPath,
          includes: loaded.texts.keys(),
          stateFolder,
        }),
    }),
    endpoints,
    files: [...loaded.files, file.path],
    texts: loaded.texts,
    paramsFile: file,
    types,
  };
}
