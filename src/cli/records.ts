import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadModule } from '../adapters/esbuild/load-module.ts';
import type { Operations } from '../api/routes.ts';
import type { ServerEvent } from '../api/views.ts';
import { openApp } from '../app/app.ts';
import { createClient } from '../client/index.ts';
import { openClosers } from '../kernel/closers.ts';
import { PlatformError } from '../kernel/errors.ts';
import { openTopic } from '../kernel/events.ts';
import { silentLog } from '../kernel/log.ts';
import type { CommandContext } from './commands/context.ts';
import { readServerConfig } from './config.ts';
import { connect } from './connection.ts';
import { self } from './self.ts';
import { openState } from './state.ts';
import { findWorkspace } from './workspace.ts';

/** The operations on runs and models, of a project or of a server for a team. */
export interface RecordConnection extends AsyncDisposable {
  readonly operations: Operations;
}

const caller = { key: 'command line', protocol: 'command line' } as const;

/**
 * Connects to the server that is named, else to the project here or above, else to the state that `modelyard server`
 * has here.
 * @param server its address; @default MODELYARD_SERVER. The token is MODELYARD_TOKEN.
 * @throws PlatformError CONFIG_INVALID where there is none of them; as `openRuntime`
 */
export async function connectRecords(
  { config, env }: Pick<CommandContext, 'config' | 'env'>,
  server: string | undefined,
): Promise<RecordConnection> {
  const address = server ?? (env['MODELYARD_SERVER'] || undefined);
  if (address !== undefined) {
    const token = env['MODELYARD_TOKEN'] || undefined;
    const operations = createClient(readAddress(address, server), token === undefined ? {} : { token });
    return { operations, async [Symbol.asyncDispose]() {} };
  }
  return hasProject(config) ? connect(config, env) : openServerState(config, env);
}

function readAddress(address: string, flag: string | undefined): string {
  if (/^https?:\/\/[^/?#\s]+(\/[^?#\s]*)?$/.test(address)) return address;
  throw new PlatformError('CONFIG_INVALID', {
    field: flag === undefined ? 'MODELYARD_SERVER' : '--server',
    value: address,
    remedy: 'must be the address of a server, such as http://127.0.0.1:4310',
  });
}

function hasProject(config: CommandContext['config']): boolean {
  if (config.project !== undefined) return true;
  try {
    findWorkspace(config, process.cwd());
    return true;
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'CONFIG_INVALID') return false;
    throw error;
  }
}

async function openServerState(
  { state }: CommandContext['config'],
  env: CommandContext['env'],
): Promise<RecordConnection> {
  const config = readServerConfig(state === undefined ? {} : { state }, env);
  const stateFolder = resolve(config.state);
  if (config.databaseUrl === undefined && !existsSync(join(stateFolder, 'modelyard.db')))
    throw nothingHere(stateFolder);
  const closers = openClosers();
  try {
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
      [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose](),
    };
  } catch (error) {
    await closers[Symbol.asyncDispose]();
    throw error;
  }
}

function nothingHere(stateFolder: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', {
    field: '--server',
    value: undefined,
    remedy: `There is no project here or above, and no state of a server in ${stateFolder}: name a server with --server, or its state with --state.`,
  });
}
