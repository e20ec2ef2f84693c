import { stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Database } from '../../adapters/sql/database.ts';
import { openPostgres, openPostgresReadOnly } from '../../adapters/sql/postgres/postgres.ts';
import { ignoreWrites } from '../../adapters/sql/mirror/mirror-triggers.ts';
import { openSqlite, openSqliteReadOnly } from '../../adapters/sql/sqlite/sqlite.ts';
import type { Backlog, MirrorQueue, Refusal } from '../../exchange/mirror/queue.ts';
import { systemClock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { formatDuration } from '../../kernel/units.ts';
import type { Config } from '../config/config.ts';
import type { MirrorConfig } from '../config/mirror-config.ts';
import { addressOf, openMirrorQueue, openMirrorTarget } from '../host/mirror-state.ts';
import { findWorkspace } from '../config/workspace.ts';

export interface MirrorStatus extends Backlog {
  readonly url: string;
  /** Why the other server cannot be used; absent if it responds. */
  readonly fault: string | undefined;
  /** The oldest refused changes. */
  readonly refusals: readonly Refusal[];
}

export interface StateLocation {
  readonly stateFolder: string;
  readonly databaseUrl: string | undefined;
}

const mostRefusals = 20;

/** Finds the state of the project here or above, or else that of `modelyard server`. */
export function locateState(
  config: Pick<Config, 'project' | 'state'>,
  env: Readonly<Record<string, string | undefined>>,
): StateLocation {
  return { stateFolder: stateFolderOf(config), databaseUrl: env['MODELYARD_DATABASE_URL'] || undefined };
}

/** Reads the queue from disk, so a server may run meanwhile. */
export async function readMirrorStatus(mirror: MirrorConfig, state: StateLocation): Promise<MirrorStatus> {
  const fault = await faultOf(mirror);
  await using database = await openToRead(state);
  const url = addressOf(mirror.url);
  if (!database) return { url, fault, waiting: 0, oldest: undefined, refused: 0, refusals: [] };
  const queue = openMirrorQueue(database, mirror);
  return { url, fault, ...(await queue.backlog()), refusals: await queue.refused(mostRefusals) };
}

/**
 * A command that changes the queue is no upgrade: it refuses the tables of another build, as one that only reads does.
 * @throws PlatformError STATE_OLDER, STATE_NEWER, STATE_DAMAGED
 */
export async function requireCurrentTables(state: StateLocation): Promise<void> {
  const database = await openToRead(state);
  await database?.[Symbol.asyncDispose]();
}

/** @returns how many refused changes are sent again */
export async function retryRefused(mirror: MirrorConfig, state: StateLocation): Promise<number> {
  await using database = await openIfThere(state);
  const queue: MirrorQueue | undefined = database && openMirrorQueue(database, mirror);
  return queue ? queue.retry() : 0;
}

/**
 * Stops queueing changes for all processes of the state.
 * @throws PlatformError STATE_LOCKED while a server sends them
 */
export async function stopQueueing(state: StateLocation): Promise<void> {
  await using database = await openIfThere(state);
  const isPostgres = state.databaseUrl !== undefined;
  if (!database || (await ignoreWrites(database, isPostgres ? 'postgres' : 'sqlite'))) return;
  throw new PlatformError('STATE_LOCKED', {
    field: 'MODELYARD_MIRROR',
    value: 'a server sends changes',
    remedy: 'Stop the servers that have MODELYARD_MIRROR, wait a minute, and try again.',
  });
}

/** '12 changes waiting, oldest 3 min 5 s; 2 refused' */
export function formatBacklog({ waiting, oldest, refused }: Backlog): string {
  const age = oldest === undefined ? '' : `, oldest ${formatDuration(Math.max(0, systemClock() - oldest))}`;
  const behind = waiting === 0 ? 'no changes waiting' : `${counted(waiting)} waiting${age}`;
  return refused === 0 ? behind : `${behind}; ${refused} refused`;
}

export function counted(changes: number): string {
  return changes === 1 ? '1 change' : `${changes} changes`;
}

async function faultOf(mirror: MirrorConfig): Promise<string | undefined> {
  await using target = openMirrorTarget(mirror);
  try {
    await target.check();
    return undefined;
  } catch (error) {
    if (error instanceof PlatformError) return error.message;
    throw error;
  }
}

/** The address or path of the database. `undefined` before the first start. */
export async function databaseIn({ stateFolder, databaseUrl }: StateLocation): Promise<string | undefined> {
  if (databaseUrl !== undefined) return databaseUrl;
  const path = join(stateFolder, 'modelyard.db');
  return stat(path).then(
    () => path,
    () => undefined,
  );
}

async function openIfThere(state: StateLocation): Promise<Database | undefined> {
  const address = await databaseIn(state);
  if (address === undefined) return undefined;
  return state.databaseUrl === undefined ? openSqlite(address) : openPostgres(address);
}

/** Tables of an older build are not changed. `undefined` without a database. */
export async function openToRead(state: StateLocation): Promise<Database | undefined> {
  const address = await databaseIn(state);
  if (address === undefined) return undefined;
  const database =
    state.databaseUrl === undefined ? await openSqliteReadOnly(address) : await openPostgresReadOnly(address);
  const refuse = (): never => {
    throw new TypeError('this database is only read');
  };
  return { ...database, transaction: refuse, writeIf: refuse };
}

function stateFolderOf({ project, state }: Pick<Config, 'project' | 'state'>): string {
  if (state !== undefined) return resolve(state);
  try {
    return findWorkspace({ project, state }, process.cwd()).stateFolder;
  } catch (error) {
    if (project !== undefined || !(error instanceof PlatformError)) throw error;
    return resolve('.modelyard');
  }
}
