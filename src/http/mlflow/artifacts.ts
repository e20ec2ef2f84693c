import { PlatformError } from '../../kernel/errors.ts';
import { baseName, joinPaths, pathWithin } from '../../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import type { LoggedModelStore } from '../../tracking/logged-model-store.ts';
import { uploadOf } from '../body/upload.ts';
import {
  addressedPath,
  fileList,
  pathBelow,
  receiveFile,
  requestedFolder,
  requestedPath,
  sendFile,
} from './artifact-transfer.ts';
import type { RegistryServices } from './registered-models-wire.ts';
import type { TrackingServices } from './tracking-services.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import type { WireObject } from './wire/json.ts';
import type { Exchange, RawEndpoint } from './wire/raw-endpoint.ts';

export interface ArtifactServices extends Pick<TrackingServices, 'runs'>, Pick<RegistryServices, 'registry'> {
  /** Includes the files of datasets. */
  readonly artifacts: ArtifactStore;
  readonly loggedModels: LoggedModelStore;
  /** The address of this server for clients. @default the address that they use */
  readonly publicUrl?: string;
}

const proxied = '/mlflow-artifacts/artifacts';
/** Artifact routes exist in both versions of MLflow's API. */
export const bothVersions = ['2.0', '3.0'] as const;

/** The limit of uploads from the UI, in bytes. */
const largestUpload = 10 << 20;

/** Lists artifacts: of a folder of the store, and of a run. */
export const artifactEndpoints: readonly Endpoint<ArtifactServices>[] = [
  endpoint({
    methods: ['GET'],
    path: proxied,
    versions: bothVersions,
    permission: 'read',
    fields: { path: { type: 'string' } },
    async handle({ path = '' }, { artifacts }: ArtifactServices) {
      const entries = await artifacts.list(requestedFolder(path));
      return fileList(entries, (entry) => baseName(entry.path));
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow/artifacts/list',
    versions: ['2.0'],
    permission: 'read',
    fields: {
      run_id: { type: 'string', required: true, alsoCalled: 'run_uuid' },
      path: { type: 'string' },
      page_token: { type: 'string' },
    },
    async handle({ run_id, path = '' }, { artifacts, runs }: ArtifactServices) {
      const inner = requestedFolder(path);
      const artifactUri = await runLocation(run_id, runs);
      return { root_uri: artifactUri, ...(await filesBelow(artifacts, artifactUri, inner)) };
    },
  }),
];

/** Serves files: through the artifact proxy, of a run, of a version; and takes uploads of the UI. */
export const artifactRawEndpoints: readonly RawEndpoint<ArtifactServices>[] = [
  {
    methods: ['GET'],
    path: `${proxied}/*`,
    versions: bothVersions,
    permission: 'read',
    handle: async (exchange, { artifacts }) => sendFile(exchange, artifacts, addressedPath(exchange)),
  },
  {
    methods: ['PUT'],
    path: `${proxied}/*`,
    versions: bothVersions,
    permission: 'write',
    handle: async (exchange, { artifacts }) => receiveFile(exchange, artifacts, addressedPath(exchange)),
  },
  {
    methods: ['DELETE'],
    path: `${proxied}/*`,
    versions: bothVersions,
    permission: 'delete',
    async handle(exchange, { artifacts }) {
      await artifacts.remove(addressedPath(exchange));
      return {};
    },
  },
  {
    methods: ['GET'],
    path: '/get-artifact',
    versions: [],
    permission: 'read',
    async handle(exchange, { artifacts, runs }) {
      const { run_id, run_uuid, path } = queryOf(exchange);
      const inner = requestedPath(path ?? '');
      const location = await runLocation(run_id || run_uuid, runs);
      return sendFile(exchange, artifacts, pathBelow(location, inner));
    },
  },
  {
    methods: ['GET'],
    path: '/model-versions/get-artifact',
    versions: [],
    permission: 'read',
    async handle(exchange, { artifacts, registry }) {
      const { name = '', version = '', path = '' } = queryOf(exchange);
      const inner = requestedPath(path);
      const found = await registry.store.findVersion({ model: name, version: versionNumber(version) });
      if (!found)
        throw mlflowError(
          'RESOURCE_DOES_NOT_EXIST',
          `Model Version (name=${name}, version=${version}) not found`,
        );
      return sendFile(exchange, artifacts, pathBelow(found.storage, inner));
    },
  },
  {
    methods: ['GET'],
    path: '/mlflow/logged-models/:model_id/artifacts/files',
    versions: ['2.0'],
    ui: true,
    permission: 'read',
    async handle(exchange, { artifacts, loggedModels }) {
      const { artifact_file_path: path } = queryOf(exchange);
      if (!path)
        throw mlflowError('BAD_REQUEST', 'Request must include the "artifact_file_path" query parameter.');
      const inner = requestedPath(path);
      const { model_id: id = '' } = exchange.request.params as Readonly<Record<string, string>>;
      return sendFile(exchange, artifacts, pathBelow(await modelLocation(id, loggedModels), inner));
    },
  },
  {
    methods: ['POST'],
    path: '/mlflow/upload-artifact',
    versions: ['2.0'],
    ui: true,
    permission: 'write',
    async handle(exchange, { artifacts, runs }) {
      const { run_uuid: run, path } = queryOf(exchange);
      if (!run) throw mlflowError('INVALID_PARAMETER_VALUE', 'Request must specify run_uuid.');
      if (!path) throw mlflowError('INVALID_PARAMETER_VALUE', 'Request must specify path.');
      const target = pathBelow(await runLocation(run, runs), requestedPath(path));
      const content = await wholeBody(exchange);
      if (content.length === 0) throw mlflowError('INVALID_PARAMETER_VALUE', 'Request must specify data.');
      await artifacts.put(target, inOnePiece(content));
      return {};
    },
  },
];

/** The files below an artifact location, with paths from there on. */
export async function filesBelow(
  artifacts: ArtifactStore,
  location: string,
  inner: ReturnType<typeof requestedPath>,
): Promise<WireObject> {
  const root = pathBelow(location, requestedPath(''));
  const entries = await artifacts.list(joinPaths(root, inner));
  return fileList(entries, ({ path }) => pathWithin(root, path) ?? path);
}

/** Where the artifacts of a run are. @throws PlatformError RUN_NOT_FOUND */
export async function runLocation(id: string | undefined, runs: ArtifactServices['runs']): Promise<string> {
  if (!id) throw mlflowError('INVALID_PARAMETER_VALUE', 'Request must specify run_id.');
  const run = await runs.get(id);
  if (run) return run.info.artifactUri;
  throw new PlatformError('RUN_NOT_FOUND', { field: 'run', value: id, remedy: 'Check the id.' });
}

/** Where the files of a logged model are. @throws PlatformError LOGGED_MODEL_NOT_FOUND */
export async function modelLocation(
  id: string,
  loggedModels: ArtifactServices['loggedModels'],
): Promise<string> {
  const model = await loggedModels.get(id);
  if (model) return model.artifactUri;
  throw new PlatformError('LOGGED_MODEL_NOT_FOUND', {
    field: 'logged model',
    value: id,
    remedy: 'Check the id.',
  });
}

function versionNumber(version: string): number {
  if (/^\d{1,15}$/.test(version)) return Number(version);
  throw mlflowError('INVALID_PARAMETER_VALUE', `Parameter 'version' must be an integer, got '${version}'.`);
}

/** The first value of each key of the query. */
function queryOf({ request }: Exchange): Readonly<Record<string, string | undefined>> {
  const query = request.query as Readonly<Record<string, string | readonly string[]>>;
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => [key, typeof value === 'string' ? value : value[0]]),
  );
}

async function wholeBody(exchange: Exchange): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const piece of uploadOf(exchange.request)) {
    size += piece.length;
    if (size > largestUpload)
      throw mlflowError('INVALID_PARAMETER_VALUE', 'Artifact size is too large. Max size is 10MB.');
    pieces.push(piece);
  }
  return Buffer.concat(pieces);
}

async function* inOnePiece(content: Uint8Array): AsyncGenerator<Uint8Array> {
  yield content;
}
