import { randomInt, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { openFileArtifactStore } from '../../adapters/files/artifact-store.ts';
import { openPredictionLog, type PredictionLogEvents } from '../../adapters/files/prediction-log.ts';
import { openFileResultStore } from '../../adapters/files/result-store.ts';
import { openS3ArtifactStore } from '../../adapters/s3/artifact-store.ts';
import type { Database } from '../../adapters/sql/database.ts';
import { sqlPurgeStore } from '../../adapters/sql/purge/purge-store.ts';
import { notifyingRegistry, type NotifyingRegistry } from '../../registry/notifying-registry.ts';
import { sqlRegistryStore } from '../../adapters/sql/registry/registry-store.ts';
import { sqlRunMoves } from '../../adapters/sql/tracking/run-moves.ts';
import { sqlRunOwners } from '../../adapters/sql/tracking/run-owners.ts';
import { sqlBatchStore } from '../../adapters/sql/batches/batch-store.ts';
import { sqlJobQueue } from '../../adapters/sql/jobs/job-queue.ts';
import { openSqlite } from '../../adapters/sql/sqlite/sqlite.ts';
import { sqlTrackingStores } from '../../adapters/sql/tracking/tracking-stores.ts';
import type { ViewStores } from '../../app/model-views.ts';
import type { BlobCacheOptions, BlobLocation } from '../../data/blob-location.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import { mirroredArtifacts } from '../../exchange/mirror/artifacts.ts';
import type { Closers } from '../../kernel/closers.ts';
import type { Log } from '../../kernel/log.ts';
import { operations } from '../../lifecycle/operations/all.ts';
import { type Random, seededRandom } from '../../kernel/random.ts';
import type { ResultStore } from '../../pipeline/ports.ts';
import { verifiedResults } from '../../pipeline/verified-results.ts';
import { type BatchFiles, openBatchFiles } from '../../serving/batch/files.ts';
import type { BatchStore } from '../../serving/batch/store.ts';
import type { PredictionLog } from '../../serving/prediction-log.ts';
import type { Bucket } from '../config/config.ts';
import type { MirrorQueue } from '../../exchange/mirror/queue.ts';
import type { MlflowServices } from '../../http/mlflow/index.ts';
import type { JobQueue } from '../../pipeline/job-queue.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import type { PurgeStore } from '../../tracking/purge-store.ts';
import type { RunMoves } from '../../tracking/run-moves.ts';
import type { RunOwners } from '../../tracking/run-owners.ts';
import type { MirrorConfig } from '../config/mirror-config.ts';
import { openBlobs } from './open-blobs.ts';
import { watchFor } from './mirror-state.ts';
import type { RegistryConfig } from '../config/registry-config.ts';
import { openMlflowServices } from './mlflow-services.ts';
import { openStateFolder } from '../config/state-folder.ts';

export interface StateOptions {
  readonly stateFolder: string;
  /** Names this process in the error of another that needs the same state: 'modelyard dev'. */
  readonly holder: string;
  readonly log: Log;
  /** What hears of predictions whose record is lost. @default nobody */
  readonly predictionLog?: PredictionLogEvents;
  /** postgres://…; @default SQLite in the state folder */
  readonly databaseUrl?: string | undefined;
  /** Where MLflow clients' artifacts lie. @default a folder of the state */
  readonly bucket?: Bucket | undefined;
  /** Where data, models and results of the pipeline lie. @default folders of the state */
  readonly blobBucket?: Bucket | undefined;
  /** Bytes that copies of remote blobs may take in the state. @default 10 GB */
  readonly cacheLimit?: number | undefined;
  /** @default webhooks go to public addresses over https, and any source is taken */
  readonly registry?: RegistryConfig;
  /** Where everything is written to as well. @default nowhere */
  readonly mirror?: MirrorConfig | undefined;
  /** A server under test may be emptied by a request. @default false */
  readonly resettable?: boolean;
}

/** Every store, open in this process: this is where ports meet their adapters. Nothing runs in the background yet. */
export interface State {
  readonly database: Database;
  readonly stores: ViewStores & { readonly registry: NotifyingRegistry };
  readonly moves: RunMoves;
  readonly purges: PurgeStore;
  /** What MLflow clients logged, without the files of datasets. */
  readonly artifacts: ArtifactStore;
  /** For tasks, which open the blobs themselves. */
  readonly blobLocation: BlobLocation;
  readonly blobCache: BlobCacheOptions;
  readonly blobs: BlobStore;
  readonly results: ResultStore;
  readonly predictions: PredictionLog;
  readonly mlflow: MlflowServices;
  readonly jobs: JobQueue;
  readonly batches: BatchStore;
  readonly batchFiles: BatchFiles;
  readonly owners: RunOwners;
  /** This process, among all that have the database. */
  readonly owner: string;
  /** Whether no other process can have the database. */
  readonly alone: boolean;
  /** Changes for the mirror; absent without one. */
  readonly mirrorQueue: MirrorQueue | undefined;
  readonly moduleFolder: string;
  readonly random: Random;
}

/** Several servers may have the database, but each has a folder of blobs of its own. */
const elsewhere =
  'Another server of this database may have it. Set MODELYARD_BLOBS=s3://bucket/folder on all of them to share files, or run `modelyard run` here to make it again.';

/** @throws PlatformError CONFIG_INVALID, STATE_LOCKED, STATE_DAMAGED, STATE_UNWRITABLE */
export async function openState(closers: Closers, options: StateOptions): Promise<State> {
  const { stateFolder, holder, log } = options;
  const folder = (name: string): string => join(stateFolder, name);
  closers.add(await openStateFolder(stateFolder, holder));
  const { databaseUrl } = options;
  const onBackup = (path: string): void => options.log.info('copied before an upgrade', { path });
  const database = closers.add(
    databaseUrl === undefined
      ? await openSqlite(folder('modelyard.db'), { onBackup })
      : await (await import('../../adapters/sql/postgres/postgres.ts')).openPostgres(databaseUrl),
  );
  const alone = databaseUrl === undefined;
  const mirrorQueue = await watchFor(options.mirror, { database, isPostgres: !alone, log });
  const owner = randomUUID();
  const stores = {
    tracking: sqlTrackingStores(database, { owner }),
    registry: notifyingRegistry(sqlRegistryStore(database)),
    operations,
  };
  const pipeline = await openPipelineStores(closers, options);
  const { blobs } = pipeline;
  const predictions = closers.add(await openPredictionLog(folder('predictions'), options.predictionLog));
  const random = seededRandom(randomInt(2 ** 32));
  const storedArtifacts = options.bucket
    ? await openS3ArtifactStore(options.bucket)
    : await openFileArtifactStore(folder('artifacts'));
  const artifacts = mirrorQueue ? mirroredArtifacts(storedArtifacts, mirrorQueue) : storedArtifacts;
  const { resettable = false, registry: registryConfig = { webhookReach: {} } } = options;
  const deps = { database, ...stores, blobs, artifacts, random, log };
  const mlflow = await openMlflowServices({ ...deps, stateFolder, resettable, registryConfig });
  return {
    database,
    stores,
    moves: sqlRunMoves(database),
    purges: sqlPurgeStore(database),
    artifacts: storedArtifacts,
    ...pipeline,
    predictions,
    mlflow,
    jobs: sqlJobQueue(database),
    batches: sqlBatchStore(database),
    batchFiles: await openFilesOfBatches(options),
    owners: sqlRunOwners(database),
    owner,
    alone,
    mirrorQueue,
    moduleFolder: folder('modules'),
    random,
  };
}

/** Beside the blobs, so that servers that share these share the files of batches. */
async function openFilesOfBatches({ stateFolder, blobBucket }: StateOptions): Promise<BatchFiles> {
  const store = blobBucket
    ? await openS3ArtifactStore({
        ...blobBucket,
        prefix: [blobBucket.prefix, 'batches'].filter(Boolean).join('/'),
      })
    : await openFileArtifactStore(join(stateFolder, 'batches'));
  return openBatchFiles(store);
}

/** Blobs and results: in one bucket, which other servers can share, or in the state folder. */
async function openPipelineStores(
  closers: Closers,
  { stateFolder, blobBucket, cacheLimit = 10e9, databaseUrl }: StateOptions,
): Promise<Pick<State, 'blobLocation' | 'blobCache' | 'blobs' | 'results'>> {
  const blobLocation: BlobLocation = blobBucket
    ? { kind: 's3', ...blobBucket }
    : { kind: 'folder', path: join(stateFolder, 'blobs') };
  const blobCache = { folder: join(stateFolder, 'cache'), limit: cacheLimit };
  const missing = databaseUrl === undefined ? undefined : elsewhere;
  const blobs = closers.add(await openBlobs(blobLocation, { cache: blobCache, ownsCache: true, missing }));
  const results = blobBucket
    ? closers.add(await (await import('../../adapters/s3/result-store.ts')).openS3ResultStore(blobBucket))
    : await openFileResultStore(join(stateFolder, 'results'));
  return { blobLocation, blobCache, blobs, results: verifiedResults(results, blobs) };
}
