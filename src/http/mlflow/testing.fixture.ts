import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fastify, { type FastifyInstance } from 'fastify';
import { openFileArtifactStore } from '../../adapters/files/artifact-store.ts';
import { openFileBlobStore } from '../../adapters/files/blob-store.ts';
import { sqlLoggedModelStore } from '../../adapters/sql/tracking/logged-model-store.ts';
import { sqlRegistryStore } from '../../adapters/sql/registry/registry-store.ts';
import { sqlTrackingStores } from '../../adapters/sql/tracking/tracking-stores.ts';
import { emptySqlite } from '../../adapters/sql/empty-sqlite.fixture.ts';
import { sqlWebhookStore } from '../../adapters/sql/registry/webhook-store.ts';
import type { BlobStore } from '../../data/blob-store.ts';
import type { Database } from '../../adapters/sql/database.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { seededRandom } from '../../kernel/random.ts';
import { silentLog } from '../../kernel/log.ts';
import { notifyingRegistry } from '../../registry/notifying-registry.ts';
import { guardedSend } from '../../registry/webhooks/send.ts';
import { secretBox } from '../../registry/webhooks/secret-box.ts';
import { withDatasets } from '../../tracking/artifacts/with-datasets.ts';
import { addMlflow, type MlflowServices } from './index.ts';

export interface MlflowResponse {
  readonly status: number;
  /** The parsed body where the answer is JSON, else its text. */
  readonly body: JsonObject;
  readonly text: string;
  readonly headers: Readonly<Record<string, unknown>>;
}

export interface OpenMlflow extends AsyncDisposable {
  readonly server: FastifyInstance;
  readonly services: MlflowServices;
  readonly database: Database;
  readonly blobs: BlobStore;
  /** Where all of it lies; artifacts in 'artifacts'. */
  readonly folder: string;
  /** Sends JSON to a path with its prefix and query. A text as body goes as it is. */
  readonly call: (method: SentText['method'], path: string, body?: unknown) => Promise<MlflowResponse>;
  readonly send: (request: SentText) => Promise<MlflowResponse>;
}

export interface SentText {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  /** Undefined sends no body and no content type. */
  readonly text: string | undefined;
  readonly contentType: string;
}

/** A server of MLflow's API over an empty SQLite store in a folder of its own. */
export async function openMlflow(): Promise<OpenMlflow> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-mlflow-'));
  const database = await emptySqlite();
  const blobs = await openFileBlobStore(join(folder, 'blobs'));
  const loggedModels = sqlLoggedModelStore(database);
  const tracking = sqlTrackingStores(database);
  const services: MlflowServices = {
    log: silentLog,
    experiments: tracking.experiments,
    runs: tracking.runs,
    metrics: tracking.metrics,
    now: Date.now,
    random: seededRandom(1),
    artifacts: withDatasets(await openFileArtifactStore(join(folder, 'artifacts')), {
      blobs,
      datasetsOf: (run) => tracking.tasks.listDatasets(run),
    }),
    loggedModels,
    registry: {
      store: notifyingRegistry(sqlRegistryStore(database)),
      now: Date.now,
      runFolder: async (id) => (await tracking.runs.get(id))?.info.artifactUri,
      loggedModels,
    },
    webhooks: {
      store: sqlWebhookStore(database),
      secrets: secretBox(new Uint8Array(32)),
      send: guardedSend({}),
      reach: {},
      now: Date.now,
    },
  };
  const server = fastify();
  await addMlflow(server, services);
  return {
    server,
    services,
    database,
    blobs,
    folder,
    call: (method, path, body) =>
      send(server, { method, path, text: textOf(body), contentType: 'application/json' }),
    send: (request) => send(server, request),
    async [Symbol.asyncDispose]() {
      await server.close();
      await database[Symbol.asyncDispose]();
      await rm(folder, { recursive: true });
    },
  };
}

function textOf(body: unknown): string | undefined {
  return body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
}

async function send(
  server: FastifyInstance,
  { method, path, text, contentType }: SentText,
): Promise<MlflowResponse> {
  const headers = text === undefined ? {} : { 'content-type': contentType };
  const payload = text === undefined ? {} : { payload: text };
  const response = await server.inject({ method, url: path, headers, ...payload });
  const isJson = String(response.headers['content-type']).startsWith('application/json');
  return {
    status: response.statusCode,
    body: isJson ? (JSON.parse(response.body) as JsonObject) : {},
    text: response.body,
    headers: response.headers,
  };
}
