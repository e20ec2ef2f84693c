import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadModule } from '../adapters/esbuild/load-module.ts';
import type { Operations } from '../api/routes.ts';
import type { ServerEvent } from '../api/views.ts';
import { openApp } from '../app/app.ts';
import { createClient } from '../client/index.ts';
import { closingOnError } from '../kernel/closers.ts';
import { PlatformError } from '../kernel/errors.ts';
import { openTopic } from '../kernel/events.ts';
import { silentLog } from '../kernel/log.ts';
import { silentMeter } from '../kernel/meter.ts';
import type { Needs } from './command.ts';
import { type Config, readServerConfig } from './config.ts';
import { openRuntime } from './runtime.ts';
import { self } from './self.ts';
import { findServer } from './server-info.ts';
import { openState } from './state.ts';
import type { Terminal } from './terminal.ts';
import { findWorkspace, type Workspace } from './workspace.ts';

/** A command is done before its mirror is: the next one sends the rest. In milliseconds. */
const longestDrain = 10_000;

const caller = { key: 'command line', protocol: 'command line' } as const;

/** The operations of a server, by HTTP or by opening its state here; a command cannot tell which. */
export interface Connection extends AsyncDisposable {
  readonly operations: Operations;
  /** The project that the command works on. @throws PlatformError CONFIG_INVALID where it is not clear which */
  project(): Promise<string>;
  /** @returns what ends it */
  onEvent(project: string, listener: (event: ServerEvent) => void): () => void;
}

export interface Connecting {
  readonly config: Config;
  readonly env: NodeJS.ProcessEnv;
  readonly terminal: Terminal;
  /** The address after --server. @default MODELYARD_SERVER */
  readonly server: string | undefined;
  readonly needs: Needs;
}

/**
 * Connects to the server that is named, else to the project here or above, and for a command that works with any server
 * else to the state that `modelyard server` has here.
 * @throws PlatformError CONFIG_INVALID where there is none of them; as `openRuntime`
 */
export async function connect({ config, env, server, needs }: Connecting): Promise<Connection> {
  const address = server ?? (env['MODELYARD_SERVER'] || undefined);
  if (address !== undefined) return connectTo(readAddress(address, server), env);
  const workspace = needs === 'server' ? workspaceIn(config) : findWorkspace(config, process.cwd());
  return workspace ? openProject(workspace, env) : openServerState(config, env);
}

function readAddress(address: string, flag: string | undefined): string {
  if (/^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/.test(address)) return address;
  throw new PlatformError('CONFIG_INVALID', {
    field: flag === undefined ? 'MODELYARD_SERVER' : '--server',
    value: address,
    remedy: 'must be the address of a server, such as http://127.0.0.1:4310',
  });
}

/** @param project the only one of the server when absent */
function connectTo(address: string, env: NodeJS.ProcessEnv, project?: string): Connection {
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

/** Absent where there is no project here or above; one that is named must be there. */
function workspaceIn(config: Config): Workspace | undefined {
  try {
    return findWorkspace(config, process.cwd());
  } catch (error) {
    if (config.project === undefined && error instanceof PlatformError && error.code === 'CONFIG_INVALID')
      return undefined;
    throw error;
  }
}

async function openProject(workspace: Workspace, env: NodeJS.ProcessEnv): Promise<Connection> {
  const server = await findServer(workspace.stateFolder);
  if (server) return connectTo(server.url, env, server.project);
  const runtime = await openRuntime({
    holder: 'a modelyard command',
    workspace,
    log: silentLog,
    meter: silentMeter,
    env,
    drain: longestDrain,
  });
  return {
    project: async () => runtime.project().plan.project.name,
    operations: runtime.operationsFor(caller),
    onEvent: (_project, listener) => runtime.events.subscribe(listener),
    [Symbol.asyncDispose]: () => runtime[Symbol.asyncDispose](),
  };
}

async function openServerState({ state }: Config, env: NodeJS.ProcessEnv): Promise<Connection> {
  const config = readServerConfig(state === undefined ? {} : { state }, env);
  const stateFolder = resolve(config.state);
  if (config.databaseUrl === undefined && !existsSync(join(stateFolder, 'modelyard.db')))
    throw nothingHere(stateFolder);
  return closingOnError(async (closers) => {
    const { databaseUrl, bucket, mirror } = config;
    const kept = { stateFolder, databaseUrl, bucket, mirror, holder: 'a modelyard command' };
    const { blobs, ...opened } = await openState(closers, { ...kept, log: silentLog });
    const moduleFolder = join(stateFolder, 'modules');
    const deps = {
      ...opened,
      blobs,
      projects: () => [],
      events: openTopic<ServerEvent>(),
      loadCode: <Value>(bundle: Parameters<typeof loadModule>[0]) =>
        loadModule<Value>(bundle, { blobs, moduleFolder, self }),
    };
    return {
      operations: openApp(deps, caller),
      project: () => Promise.reject(nothingHere(stateFolder)),
      onEvent: () => () => {},
      [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose](),
    };
  });
}

function nothingHere(stateFolder: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: '--server',
    value: undefined,
    remedy: `There is no project here or above, and no state of a server in ${stateFolder}: name a server with --server, or its state with --state.`,
  });
}
