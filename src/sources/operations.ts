import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { BlobStore } from '../data/blob-store.ts';
import type { DatasetFile } from '../data/dataset.ts';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { canonicalJson } from '../kernel/json.ts';
import type { Database } from '../project/tables/database.ts';
import type { Http } from '../project/tables/http.ts';
import type { Origin, Simulation } from '../project/tables/origin.ts';
import { parseAddress } from './address.ts';
import { fetchFile, type Network, maskedAddress, type Validators } from './fetch.ts';
import { fetchPages } from './http-pages.ts';
import { keepLocal, type Seen } from './local.ts';
import { type OpenedDatabase, queryLines } from './query-rows.ts';
import { simulatedName, writeSimulated } from './simulated.ts';

export { openSnapshot } from './archive.ts';

/** Where a snapshot came from and when. Times are milliseconds since 1970. */
export type SnapshotFacts = {
  /** The address, path or simulation in the project file, without secrets. */
  readonly from: string;
  readonly files: number;
  readonly bytes: number;
  /** When these bytes were fetched; a later check that finds nothing new does not change it. */
  readonly fetchedAt: number;
  readonly checkedAt: number;
  readonly etag: string | null;
  readonly lastModified: string | null;
  readonly simulated: boolean;
  /** The stat of local files, so that unchanged files are not read again. */
  readonly seen: Readonly<Record<string, Seen>>;
};

export interface Snapshot {
  /** All are in the blob store, in order of name; pages of `http()` in order of their requests, and names can repeat. */
  readonly files: readonly DatasetFile[];
  readonly facts: SnapshotFacts;
  /** The address of each page of `http()`, without secrets. */
  readonly addresses?: readonly string[];
}

/** A SELECT as an origin. */
export interface QueryOrigin {
  readonly kind: 'query';
  readonly database: Database;
  readonly sql: string;
  /** The value of `$since` before anything is stored. */
  readonly start: string;
}

export interface SnapshotOptions {
  readonly from: Origin | QueryOrigin;
  /** Relative paths start here. */
  readonly projectFolder: string;
  readonly blobs: BlobStore;
  /** The last snapshot; without it everything is fetched. */
  readonly previous?: Snapshot | undefined;
  /** @default systemClock */
  readonly now?: Clock;
  /** @default Math.random, timers, and fetchFile's own limits */
  readonly network?: Partial<Network>;
  /** For `http()`: the newest stored value of the source's `since` column. @default undefined */
  readonly since?: string | undefined;
  /** The value of a secret. @default every secret is missing */
  readonly secret?: (name: string) => string;
}

/**
 * Stores the raw bytes before anything reads them.
 * @throws PlatformError SOURCE_UNREADABLE naming the address or path; errors of a simulation's code as they are
 */
export async function takeSnapshot(options: SnapshotOptions): Promise<Snapshot> {
  const { from } = options;
  if (typeof from !== 'string') return await snapshotOfObject(from, options);
  if (/^https?:/i.test(from)) return await snapshotOfAddress(parseAddress(from), options);
  const scheme = /^[a-z][a-z0-9+.-]+:\/\//i.exec(from)?.[0];
  if (scheme === undefined) return await snapshotOfPath(from, options);
  throw new PlatformError('SOURCE_UNREADABLE', {
    field: 'from',
    value: scheme,
    remedy: 'must be an http(s) address, a file or a folder',
  });
}

function snapshotOfObject(
  from: Exclude<SnapshotOptions['from'], string>,
  options: SnapshotOptions,
): Promise<Snapshot> {
  switch (from.kind) {
    case 'http':
      return snapshotOfPages(from, options);
    case 'query':
      return snapshotOfQuery(from, options);
    case 'simulation':
      return snapshotOfSimulation(from, options);
  }
}

async function snapshotOfAddress(address: URL, options: SnapshotOptions): Promise<Snapshot> {
  const now = options.now ?? systemClock;
  const from = maskedAddress(address);
  const previous = lastSnapshot(from, options);
  const last = previous && (await areKept(previous.files, options.blobs)) ? previous : undefined;
  await using folder = await options.blobs.scratch();
  const to = join(folder.path, 'body');
  const previousBody = last && validatorsOf(last.facts);
  const fetched = await fetchFile({ address, to, previous: previousBody }, networkOf(options));
  if (fetched.kind === 'unchanged' && last)
    return { files: last.files, facts: { ...last.facts, checkedAt: now() } };
  const blob = await options.blobs.putFile(to);
  const { etag, lastModified } = fetched.kind === 'fetched' ? fetched : noValidators;
  return snapshot([{ name: nameOf(address), ...blob }], { from, fetchedAt: now(), etag, lastModified });
}

function networkOf({ now = systemClock, network }: SnapshotOptions): Network {
  return { now, random: Math.random, sleep: (ms) => wait(ms), ...network };
}

async function snapshotOfPages(from: Http, options: SnapshotOptions): Promise<Snapshot> {
  const { blobs, since, secret = missingSecret, now = systemClock } = options;
  await using folder = await blobs.scratch();
  const files: DatasetFile[] = [];
  const addresses: string[] = [];
  const pages = { since, secret, folder: folder.path, network: networkOf(options) };
  for await (const { address, path } of fetchPages(from, pages)) {
    files.push({ name: nameOf(new URL(address)), ...(await blobs.putFile(path)) });
    addresses.push(address);
  }
  return { ...snapshot(files, { from: addresses[0] ?? 'http()', fetchedAt: now() }), addresses };
}

async function snapshotOfQuery(origin: QueryOrigin, options: SnapshotOptions): Promise<Snapshot> {
  const { blobs, since = origin.start, secret = missingSecret, now = systemClock, projectFolder } = options;
  const { database, sql } = origin;
  const opened: OpenedDatabase =
    database.dialect === 'postgres'
      ? { dialect: 'postgres', url: secret(database.url.name), name: `postgres(${database.url.name})` }
      : { dialect: 'sqlite', path: pathOf(database.path, projectFolder), name: `sqlite(${database.path})` };
  const blob = await blobs.putStream(queryLines(opened, { sql, since }));
  return snapshot([{ name: 'rows.jsonl', ...blob }], { from: opened.name, fetchedAt: now() });
}

function missingSecret(name: string): never {
  throw new PlatformError('CONFIG_INVALID', {
    field: `secret ${name}`,
    value: undefined,
    remedy: 'has no value here',
  });
}

async function snapshotOfPath(from: string, options: SnapshotOptions): Promise<Snapshot> {
  const now = (options.now ?? systemClock)();
  const last = lastSnapshot(from, options);
  const files = new Map(last?.files.map((file) => [file.name, file]));
  const { files: kept, seen } = await keepLocal(pathOf(from, options.projectFolder), {
    blobs: options.blobs,
    lastSeen(name) {
      const file = files.get(name);
      const lastStat = last?.facts.seen[name];
      return file && lastStat && { file, seen: lastStat };
    },
  });
  const same = last && canonicalJson(kept) === canonicalJson(last.files);
  const fetchedAt = same ? last.facts.fetchedAt : now;
  return snapshot(kept, { from, fetchedAt, checkedAt: now, seen: unambiguous(seen, now) });
}

async function snapshotOfSimulation(simulation: Simulation, options: SnapshotOptions): Promise<Snapshot> {
  await using folder = await options.blobs.scratch();
  const path = join(folder.path, simulatedName);
  await writeSimulated(simulation, path);
  const blob = await options.blobs.putFile(path);
  return snapshot([{ name: simulatedName, ...blob }], {
    from: `simulation ${canonicalJson(simulation.args)}`,
    fetchedAt: (options.now ?? systemClock)(),
    simulated: true,
  });
}

const noValidators: Validators = { etag: null, lastModified: null };

function snapshot(
  files: readonly DatasetFile[],
  given: Partial<SnapshotFacts> & Pick<SnapshotFacts, 'from' | 'fetchedAt'>,
): Snapshot {
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  const facts = {
    ...noValidators,
    checkedAt: given.fetchedAt,
    simulated: false,
    seen: {},
    ...given,
    files: files.length,
    bytes,
  };
  return { files, facts };
}

/** The last snapshot, if it has the same origin. */
function lastSnapshot(from: string, { previous }: SnapshotOptions): Snapshot | undefined {
  return previous?.facts.from === from ? previous : undefined;
}

async function areKept(files: readonly DatasetFile[], blobs: BlobStore): Promise<boolean> {
  for (const { digest } of files) if (!(await blobs.has(digest))) return false;
  return true;
}

function validatorsOf({ etag, lastModified }: SnapshotFacts): Validators | undefined {
  return etag === null && lastModified === null ? undefined : { etag, lastModified };
}

/** Longest step of a file system's clock. A file that is written again within it may have the same stat. */
const clockStep = 2000;

function unambiguous(seen: Readonly<Record<string, Seen>>, now: number): Readonly<Record<string, Seen>> {
  return Object.fromEntries(
    Object.entries(seen).filter(([, [, modified, changed]]) => Math.max(modified, changed) < now - clockStep),
  );
}

function pathOf(from: string, projectFolder: string): string {
  return from === '~' || from.startsWith('~/')
    ? join(homedir(), from.slice(1))
    : resolve(projectFolder, from);
}

/** The last part of an address's path, with characters replaced that a file system or archive cannot hold. */
function nameOf(address: URL): string {
  const last = basename(address.pathname).replaceAll(/[^\w.,=()+@-]/g, '_');
  return last.replace(/^\.+/, '') || 'download';
}
