import { join } from 'node:path';
import type { Database } from '../../adapters/sql/database.ts';
import { sqlLoggedModelStore } from '../../adapters/sql/tracking/logged-model-store.ts';
import { sqlWebhookStore } from '../../adapters/sql/registry/webhook-store.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import type { MlflowServices } from '../../http/mlflow/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { Log } from '../../kernel/log.ts';
import type { Random } from '../../kernel/random.ts';
import type { NotifyingRegistry } from '../../registry/notifying-registry.ts';
import { openKeyFile } from '../../registry/webhooks/key-file.ts';
import { secretBox } from '../../registry/webhooks/secret-box.ts';
import { guardedSend } from '../../registry/webhooks/send.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import type { RegistryConfig } from '../config/registry-config.ts';
import { withDatasets } from '../../tracking/artifacts/with-datasets.ts';
import type { TrackingStores } from '../../tracking/stores.ts';
import { systemCode } from '../../kernel/system-code.ts';

export interface MlflowOptions {
  readonly stateFolder: string;
  readonly database: Database;
  readonly tracking: TrackingStores;
  readonly blobs: BlobStore;
  readonly artifacts: ArtifactStore;
  readonly random: Random;
  readonly log: Log;
  readonly resettable: boolean;
  /** Whether this process delivers webhook events. */
  readonly registry: NotifyingRegistry;
  readonly registryConfig: RegistryConfig;
}

/** What MLflow's API works on: the tables and files that the project's own pipeline writes. */
export async function openMlflowServices(options: MlflowOptions): Promise<MlflowServices> {
  const { database, tracking, blobs, random, log } = options;
  const loggedModels = sqlLoggedModelStore(database);
  const store = sqlWebhookStore(database);
  const secrets = secretBox(await openKeyFile(join(options.stateFolder, 'webhooks.key')));
  const { webhookReach: reach, allowedSource } = options.registryConfig;
  const send = guardedSend(reach);
  const now = systemClock;
  const { registry } = options;
  return {
    log,
    now,
    random,
    experiments: tracking.experiments,
    runs: tracking.runs,
    metrics: tracking.metrics,
    loggedModels,
    artifacts: withDatasets(options.artifacts, {
      blobs,
      datasetsOf: (run) => tracking.tasks.listDatasets(run),
    }),
    registry: {
      store: registry,
      now,
      runFolder: async (id) => (await tracking.runs.get(id))?.info.artifactUri,
      loggedModels,
      ...(allowedSource && { allowedSource }),
    },
    webhooks: { store, secrets, send, reach, now },
    ...(options.resettable && { testEndpoints: await loadTestReset(options) }),
  };
}

/** @throws PlatformError CONFIG_INVALID in the published package, which has no such endpoint */
async function loadTestReset(options: MlflowOptions): Promise<MlflowServices['testEndpoints'] & object> {
  try {
    const { resetEndpoints } = await import('../test-reset.ts');
    return resetEndpoints(options);
  } catch (error) {
    if (systemCode(error) !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw new PlatformError(
      'CONFIG_INVALID',
      {
        field: 'MODELYARD_TEST_RESET',
        value: '1',
        remedy: 'Unset it: only a build from a clone of the repository can be reset.',
      },
      { cause: error },
    );
  }
}
