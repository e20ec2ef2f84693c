import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { BatchView } from '../api/batch-views.ts';
import type { JobView } from '../api/job-views.ts';
import type { Operations } from '../api/routes.ts';
import type { ServerEvent } from '../api/views.ts';
import { createClient } from '../client/index.ts';
import { closingOnError } from '../kernel/closers.ts';
import { PlatformError } from '../kernel/errors.ts';
import { silentLog } from '../kernel/log.ts';
import { silentMeter } from '../kernel/meter.ts';
import type { Needs } from './command.ts';
import { buildApp } from './host/build-app.ts';
import { type Config, readStoreConfig, type StoreConfig } from './config/config.ts';
import { followBatch, performBatch } from './jobs/finish-batch.ts';
import { followJob } from './jobs/follow-job.ts';
import { performJob } from './jobs/perform-job.ts';
import { reportLosses } from './jobs/prediction-losses.ts';
import { findServer } from './server/server-info.ts';
import { openState } from './host/state.ts';
import type { Terminal } from './output/terminal.ts';
import { startHeartbeat, startMirrorOf } from './host/workers.ts';
import { findWorkspace, type Workspace } from './config/workspace.ts';

/** How long a command waits for its mirror, in milliseconds. The next command sends the rest. */
const longestDrain = 10_000;

const caller = { key: 'command line', protocol: 'command line' } as const;

/** The operations of a server, by HTTP or by opening its state in this process. */
export interface Connection extends AsyncDisposable {
  readonly operations: Operations;
  /** The project that the command works on. @throws PlatformError CONFIG_INVALID if there are several or none */
  project(): Promise<string>;
  /** Waits until a requested run has ended, and looks at it from time to time. Without a server, this process does the run. */
  finish(job: JobView, onLook?: (job: JobView) => unknown): Promise<JobView>;
  /** The same for a batch. */
  finishBatch(batch: BatchView, onLook: (batch: BatchView) => void): Promise<BatchView>;
  /** @returns a function that stops listening */
  onEvent(project: string, listener: (event: ServerEvent) => void): () => void;
}

export interface Connecting {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  /** The address after --server. @default MODELYARD_SERVER */
  readonly server: string | undefined;
  readonly needs: Needs;
  /** Params of the project, each 'name=value'. */
  readonly set: readonly string[];
  /** Whether the command runs the project. */
  readonly runs: boolean;
}

/**
 * Connects to the server that is named, else to the project here or above, and for a command that works with any server
 * else to the state that `modelyard server` has here.
 * @throws PlatformError CONFIG_INVALID if there is no such server, project or state; as `buildApp`
 */
export async function connect({
  config,
  env,
  terminal,
  server,
  needs,
  set,
  runs,
}: Connecting): Promise<Connection> {
  const address = server ?? (env['MODELYARD_SERVER'] || undefined);
  if (address !== undefined) {
    refuseSet(set, address);
    return connectTo(readAddress(address, server), { env, terminal });
  }
  const workspace = needs === 'server' ? workspaceIn(config) : findWorkspace(config, process.cwd());
  return workspace
    ? openProject(workspace, { env, terminal, set, runs })
    : openServerState(config, { env, terminal });
}

function readAddress(address: string, flag: string | undefined): string {
  if (/^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/.test(address)) return address;
  throw new PlatformError('CONFIG_INVALID', {
    field: flag === undefined ? 'MODELYARD_SERVER' : '--server',
    value: address,
    remedy: 'must be the address of a server, such as http://127.0.0.1:4310',
  });
}

type Around = Pick<Connecting, 'env' | 'terminal'>;

/** @param project @default the only project of the server */
function connectTo(address: string, { env, terminal }: Around, project?: string): Connection {
  const token = env['MODELYARD_TOKEN'] || undefined;
  const client = createClient(address, token === undefined ? {} : { token });
  return {
    operations: client,
    async project() {
      return (
        project ??
        onlyOf(
          (await client.listProjects({})).map(({ name }) => name),
          address,
        )
      );
    },
    finish: (job, onLook) =>
      followJob(job, client, { say: (text) => terminal.err(text), ...(onLook && { onLook }) }),
    finishBatch: (batch, onLook) =>
      followBatch(batch, { operations: client, onLook, say: (text) => terminal.err(text) }),
    onEvent(name, listener) {
      const subscription = client.events(name, listener);
      return () => subscription.close();
    },
    async [Symbol.asyncDispose]() {},
  };
}

function onlyOf(names: readonly string[], address: string): string {
  const [name, ...others] = names;
  if (name !== undefined && others.length === 0) return name;
  throw new PlatformError('CONFIG_INVALID', {
    field: '--server',
    value: address,
    remedy:
      name === undefined
        ? 'That server hosts no project: start it with modelyard server --project.'
        : `That server hosts several projects: ${names.join(', ')}.`,
  });
}

/** `undefined` without a project in this folder or above. A named project must exist. */
function workspaceIn(config: Config): Workspace | undefined {
  try {
    return findWorkspace(config, process.cwd());
  } catch (error) {
    if (config.project === undefined && error instanceof PlatformError && error.code === 'CONFIG_INVALID')
      return undefined;
    throw error;
  }
}

async function openProject(
  workspace: Workspace,
  around: Around & Pick<Connecting, 'set' | 'runs'>,
): Promise<Connection> {
  const { env } = around;
  const server = await findServer(workspace.stateFolder);
  if (server) {
    refuseSet(around.set, server.url);
    return connectTo(server.url, around, server.project);
  }
  const { stateFolder } = workspace;
  return openHere({ ...around, stateFolder, stores: readStoreConfig(env), workspace });
}

/** A server has loaded the project already. */
function refuseSet(set: readonly string[], address: string): void {
  if (set.length === 0) return;
  throw new PlatformError('CONFIG_INVALID', {
    field: '--set',
    value: set,
    remedy: `The server at ${address} has loaded the project: restart it with --set, or write the param in params.yaml.`,
  });
}

async function openServerState({ state }: Config, around: Around): Promise<Connection> {
  const { env, terminal } = around;
  const stateFolder = resolve(state ?? '.modelyard');
  const server = await findServer(stateFolder);
  if (server) return connectTo(server.url, around, server.project);
  const stores = readStoreConfig(env);
  if (stores.databaseUrl === undefined && !existsSync(join(stateFolder, 'modelyard.db')))
    throw nothingHere(stateFolder);
  return openHere({ stateFolder, stores, workspace: undefined, env, terminal });
}

interface Here extends Around {
  readonly stateFolder: string;
  readonly stores: StoreConfig;
  readonly workspace: Workspace | undefined;
  readonly set?: readonly string[];
  readonly runs?: boolean;
}

/** Opens the state in this process. Only a run starts something in the background. */
async function openHere({
  stateFolder,
  stores,
  workspace,
  set,
  runs,
  env,
  terminal,
}: Here): Promise<Connection> {
  const [log, meter] = [silentLog, silentMeter];
  const say = (text: string): void => terminal.err(text);
  return closingOnError(async (closers) => {
    const holder = 'a modelyard command';
    const state = await openState(closers, {
      ...stores,
      stateFolder,
      holder,
      log,
      predictionLog: reportLosses(log, meter),
    });
    const app = await buildApp(closers, state, { workspace, log, meter, env, set, runs });
    const project = app.host?.project().plan.project.name;
    return {
      operations: app.operationsFor(caller),
      project: async () => project ?? Promise.reject(nothingHere(stateFolder)),
      onEvent: (_project, listener) => app.events.subscribe(listener),
      async finish(job, onLook) {
        await startHeartbeat(closers, state, log);
        const mirror = stores.mirror && { ...stores.mirror, drain: longestDrain };
        startMirrorOf(closers, state, { log, mirror });
        return performJob(job, { worker: app.worker, operations: app.operationsFor(caller), say, onLook });
      },
      async finishBatch(batch, onLook) {
        await startHeartbeat(closers, state, log);
        return performBatch(batch, app.batchWorker, { operations: app.operationsFor(caller), onLook, say });
      },
      [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose](),
    };
  });
}

function nothingHere(stateFolder: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: '--state',
    value: stateFolder,
    remedy:
      'No project in this folder or above, and no server state: go to your project, or choose a server with --server or its state with --state.',
  });
}
