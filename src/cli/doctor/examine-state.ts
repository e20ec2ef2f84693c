import { existsSync } from 'node:fs';
import { access, constants, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBlobReader } from '../../adapters/files/blob-store.ts';
import type { Database } from '../../adapters/sql/database.ts';
import { sqlRegistryStore } from '../../adapters/sql/registry/registry-store.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import { formatCause, PlatformError } from '../../kernel/errors.ts';
import { formatBytes } from '../../kernel/units.ts';
import { lostFiles } from '../../lifecycle/version/version-folder.ts';
import { asPipelineVersion, type PipelineVersion } from '../../registry/model.ts';
import type { RegistryStore } from '../../registry/store.ts';
import { type Bucket, readBuckets } from '../config/config.ts';
import type { Finding } from './examine.ts';
import { openToRead, type StateLocation } from './mirror-status.ts';
import { openBlobs } from '../host/open-blobs.ts';

/** Bytes of copies of remote blobs while they are examined. */
const cacheLimit = 1e9;

/** The database, the artifacts and the files of the live versions. All of them are only read. */
export async function examineState(
  location: StateLocation,
  env: NodeJS.ProcessEnv,
): Promise<readonly Finding[]> {
  const { bucket, blobBucket } = namedBuckets(env);
  const artifacts = bucket ? [] : [await finding('artifacts', () => findArtifacts(location))];
  let versions: readonly Finding[] = [];
  const database = await finding('database', async () => {
    await using opened = await openToRead(location);
    if (!opened) return 'none yet: modelyard dev or modelyard server creates it';
    versions = await examineVersions(opened, { location, blobBucket });
    return describeDatabase(location);
  });
  return [database, ...artifacts, ...versions];
}

/** A name that is wrong is reported by `bucketFindings`. */
function namedBuckets(env: NodeJS.ProcessEnv): Partial<ReturnType<typeof readBuckets>> {
  try {
    return readBuckets(env);
  } catch (error) {
    if (error instanceof PlatformError) return {};
    throw error;
  }
}

/** Good with what `find` found, bad with what it threw. */
async function finding(what: string, find: () => Promise<string>): Promise<Finding> {
  try {
    return { what, good: true, found: await find() };
  } catch (error) {
    return { what, good: false, found: formatCause(error) };
  }
}

async function describeDatabase({ stateFolder, databaseUrl }: StateLocation): Promise<string> {
  if (databaseUrl !== undefined) return 'PostgreSQL responds; its tables are up to date';
  const path = join(stateFolder, 'modelyard.db');
  return `SQLite, ${formatBytes((await stat(path)).size)}; its tables are up to date`;
}

async function findArtifacts({ stateFolder }: StateLocation): Promise<string> {
  const folder = join(stateFolder, 'artifacts');
  if (!existsSync(folder)) return 'none yet';
  await access(folder, constants.R_OK | constants.W_OK);
  return folder;
}

async function examineVersions(
  database: Database,
  {
    location: { stateFolder },
    blobBucket,
  }: { readonly location: StateLocation; readonly blobBucket: Bucket | undefined },
): Promise<readonly Finding[]> {
  await using copies = await temporaryFolder();
  await using remote = blobBucket && (await openRemote(blobBucket, copies.path));
  const blobs = remote ?? openBlobReader(join(stateFolder, 'blobs'));
  const live = await liveVersions(sqlRegistryStore(database));
  return await Promise.all(
    live.map(({ name, version }) =>
      finding(name, async () => {
        const lost = await lostFiles(version.folder, blobs);
        if (lost.length === 0) return `version ${version.version}: all its files are there`;
        throw new PlatformError('VERSION_DAMAGED', {
          field: `version ${version.version}`,
          value: lost.join(', '),
          remedy: 'Start modelyard run: it makes missing files again.',
        });
      }),
    ),
  );
}

function openRemote(bucket: Bucket, folder: string): Promise<BlobStore> {
  return openBlobs({ kind: 's3', ...bucket }, { cache: { folder, limit: cacheLimit } });
}

async function temporaryFolder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), 'modelyard-doctor-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

interface LiveVersion {
  /** 'house-price@prod' */
  readonly name: string;
  readonly version: PipelineVersion;
}

/** Versions with an alias that the pipeline trained; a client's own files are in the artifact store. */
async function liveVersions(registry: RegistryStore): Promise<readonly LiveVersion[]> {
  const found: LiveVersion[] = [];
  for (const model of await registry.listModels())
    for (const [alias, number] of Object.entries((await registry.findModel(model))?.aliases ?? {})) {
      const version = asPipelineVersion(await registry.findVersion({ model, version: number }));
      if (version) found.push({ name: `${model}@${alias}`, version });
    }
  return found;
}
