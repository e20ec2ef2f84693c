import { PlatformError } from '../../kernel/errors.ts';
import { parseBytes } from '../../kernel/units.ts';
import { readRegistryConfig, type RegistryConfig } from './registry-config.ts';
import { isLoopback } from '../../kernel/loopback.ts';
import { type MirrorConfig, readMirror } from './mirror-config.ts';
import { type OidcConfig, readOidc, readPublicUrl } from './oidc-config.ts';

export interface Config {
  /** @default 4310 */
  readonly port: number;
  /** The folder or file of the project; absent: the nearest modelyard.config.ts upwards. */
  readonly project: string | undefined;
  /** Absent: `.modelyard` beside the project file. */
  readonly state: string | undefined;
}

export interface Flags {
  readonly port?: string;
  readonly project?: string;
  readonly state?: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Reads flags, and the environment where a flag is absent; nothing below `cli/` looks at `process.env`. */
export function readConfig(flags: Flags, env: Environment): Config {
  return {
    port:
      flags.port === undefined
        ? readPort('MODELYARD_PORT', env['MODELYARD_PORT'] ?? '4310')
        : readPort('--port', flags.port),
    project: readPath(flags.project, ['--project', 'MODELYARD_PROJECT'], env),
    state: readPath(flags.state, ['--state', 'MODELYARD_STATE'], env),
  };
}

function readPath(
  flag: string | undefined,
  [option, variable]: readonly [option: string, variable: string],
  env: Environment,
): string | undefined {
  const path = flag ?? env[variable];
  if (path !== '') return path;
  throw new PlatformError('CONFIG_INVALID', {
    field: flag === undefined ? variable : option,
    value: path,
    remedy: 'must be a path; leave it out for the default',
  });
}

/** 0 lets the system choose. */
function readPort(field: string, value: string): number {
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (port >= 0 && port <= 65_535) return port;
  throw new PlatformError('CONFIG_INVALID', {
    field,
    value,
    remedy: 'must be a whole number from 0 to 65535; 0 takes a free port',
  });
}

/** A place in an S3 store; credentials come from the SDK's own chain: environment, profile, role of the pod. */
export interface Bucket {
  readonly bucket: string;
  readonly prefix?: string;
  /** Absent: Amazon's. */
  readonly endpoint?: string;
}

export interface ServerConfig {
  readonly port: number;
  /** @default 127.0.0.1 */
  readonly host: string;
  /** @default .modelyard in the working folder */
  readonly state: string;
  /** postgres://user:password@host/database; absent: SQLite in the state folder. */
  readonly databaseUrl: string | undefined;
  /** Where artifacts lie; absent: a folder of the state. */
  readonly bucket: Bucket | undefined;
  /** Where the data, models and results of the pipeline lie; absent: folders of the state. */
  readonly blobBucket: Bucket | undefined;
  /** Bytes that copies of blobs in a bucket may take in the state folder; absent: 10 GB. */
  readonly cacheLimit: number | undefined;
  /** Without one only this machine is served. */
  readonly adminToken: string | undefined;
  /** Whose accounts people sign in with; beside the token, or instead of it. */
  readonly oidc: OidcConfig | undefined;
  /** Where browsers find the server: scheme, host and port. */
  readonly publicUrl: string | undefined;
  /** Names by which the server is called besides this machine's own. */
  readonly hosts: readonly string[];
  /** Addresses and ranges of the proxies before the server. */
  readonly proxies: readonly string[];
  readonly registry: RegistryConfig;
  /** Where everything is written to as well. */
  readonly mirror: MirrorConfig | undefined;
  /** Whether a request may empty the server: for suites that test it. */
  readonly resettable: boolean;
}

/** Where state is kept besides the state folder, and where it is sent to: the same for every command. */
export type StoreConfig = Pick<
  ServerConfig,
  'databaseUrl' | 'bucket' | 'blobBucket' | 'cacheLimit' | 'registry' | 'mirror'
>;

/** @throws PlatformError CONFIG_INVALID */
export function readStoreConfig(env: Environment): StoreConfig {
  return {
    databaseUrl: env['MODELYARD_DATABASE_URL'] || undefined,
    ...readBuckets(env),
    cacheLimit: readCacheLimit(env['MODELYARD_CACHE_LIMIT']),
    registry: readRegistryConfig(env),
    mirror: readMirror(env),
  };
}

const shortestToken = 12;

/** What `modelyard server` runs with. @throws PlatformError CONFIG_INVALID for an open door to other machines */
export function readServerConfig(flags: Flags & { readonly host?: string }, env: Environment): ServerConfig {
  const { port, state = '.modelyard' } = readConfig(flags, env);
  const host = flags.host ?? env['MODELYARD_HOST'] ?? '127.0.0.1';
  const adminToken = readToken(env['MODELYARD_ADMIN_TOKEN']);
  const oidc = readOidc(env);
  const publicUrl = readPublicUrl(env);
  if (!isLoopback(host)) {
    const field = flags.host === undefined ? 'MODELYARD_HOST' : '--host';
    checkDoors({ field, host, adminToken, oidc, publicUrl });
  }
  const hosts = [
    ...listOf(env['MODELYARD_HOSTS']),
    ...(publicUrl === undefined ? [] : [new URL(publicUrl).hostname]),
  ];
  const resettable = env['MODELYARD_TEST_RESET'] === '1';
  return {
    ...readStoreConfig(env),
    port,
    host,
    state,
    adminToken,
    oidc,
    publicUrl,
    hosts,
    proxies: listOf(env['MODELYARD_TRUSTED_PROXIES']),
    resettable,
  };
}

/** The entries of a setting, which commas separate. */
function listOf(setting = ''): readonly string[] {
  const entries = setting.split(',').map((entry) => entry.trim().toLowerCase());
  return entries.filter((entry) => entry !== '');
}

/** @throws PlatformError CONFIG_INVALID where others reach a server that asks nobody, or that nobody could come back to */
function checkDoors({
  field,
  host,
  adminToken,
  oidc,
  publicUrl,
}: Pick<ServerConfig, 'host' | 'adminToken' | 'oidc' | 'publicUrl'> & { readonly field: string }): void {
  if (adminToken === undefined && !oidc)
    throw new PlatformError('CONFIG_INVALID', {
      field,
      value: host,
      remedy:
        'Others can reach that address: set MODELYARD_ADMIN_TOKEN, which callers then send, or MODELYARD_OIDC_ISSUER.',
    });
  if (oidc && publicUrl === undefined)
    throw new PlatformError('CONFIG_INVALID', {
      field: 'MODELYARD_PUBLIC_URL',
      value: undefined,
      remedy: 'Say where browsers find this server, so that they can come back from the issuer.',
    });
}

function readToken(token: string | undefined): string | undefined {
  if (token === undefined || token.length >= shortestToken) return token;
  throw new PlatformError('CONFIG_INVALID', {
    field: 'MODELYARD_ADMIN_TOKEN',
    value: `${token.length} characters`,
    remedy: `must have at least ${shortestToken} characters; openssl rand -hex 32 makes a good one`,
  });
}

function readCacheLimit(limit: string | undefined): number | undefined {
  return limit ? parseBytes(limit, 'MODELYARD_CACHE_LIMIT') : undefined;
}

/** @throws PlatformError CONFIG_INVALID */
export function readBuckets(env: Environment): Pick<ServerConfig, 'bucket' | 'blobBucket'> {
  const bucket = readBucket('MODELYARD_ARTIFACTS', env);
  const blobBucket = readBucket('MODELYARD_BLOBS', env);
  if (!bucket || !blobBucket || !isNested(bucket, blobBucket)) return { bucket, blobBucket };
  throw new PlatformError('CONFIG_INVALID', {
    field: 'MODELYARD_BLOBS',
    value: env['MODELYARD_BLOBS'],
    remedy:
      'must be a folder beside MODELYARD_ARTIFACTS, neither in it nor around it: MLflow clients can overwrite everything there',
  });
}

function isNested(first: Bucket, second: Bucket): boolean {
  const [a, b] = [folderOf(first), folderOf(second)];
  return first.bucket === second.bucket && (a.startsWith(b) || b.startsWith(a));
}

function folderOf({ prefix }: Bucket): string {
  return prefix === undefined ? '' : `${prefix}/`;
}

function readBucket(field: string, env: Environment): Bucket | undefined {
  const address = env[field] || undefined;
  if (address === undefined) return undefined;
  const [, bucket, prefix] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*?))?\/?$/.exec(address) ?? [];
  const endpoint = env['MODELYARD_S3_ENDPOINT'] || undefined;
  if (bucket !== undefined) return { bucket, ...(prefix && { prefix }), ...(endpoint && { endpoint }) };
  throw new PlatformError('CONFIG_INVALID', {
    field,
    value: address,
    remedy: 'must be s3://bucket or s3://bucket/folder; leave it out to use the state folder',
  });
}
