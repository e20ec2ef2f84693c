import type { Readable } from 'node:stream';
import { type ArtifactPath, joinPaths, rootPath } from '../../tracking/artifacts/path.ts';
import { uploadOf } from '../body/upload.ts';
import { clientOf } from '../native/trusted-proxies.ts';
import { addressedPath, pathBelow, requestedPath } from './artifact-transfer.ts';
import { type ArtifactServices, bothVersions, modelLocation, runLocation } from './artifacts.ts';
import { type Endpoint, endpoint } from './wire/endpoint.ts';
import { mlflowError } from './wire/errors.ts';
import type { Input } from './wire/fields.ts';
import { wireText } from './wire/json.ts';
import type { Exchange, RawEndpoint } from './wire/raw-endpoint.ts';
import { readInput, streamText } from './wire/read-request.ts';

const parts = '/mlflow-artifacts/mpu';

/** The limit of S3. */
const mostParts = 10_000;
/** Limit of a request that begins an upload, in bytes. */
const largestRequest = 100_000;

const uploadFields = {
  '*': { type: 'string', required: true },
  path: { type: 'string', required: true },
} as const;

const beginFields = { ...uploadFields, num_parts: { type: 'int64' } } as const;

const completeFields = {
  ...uploadFields,
  upload_id: { type: 'string', required: true },
  parts: {
    type: 'message',
    repeated: true,
    required: true,
    fields: {
      part_number: { type: 'int64', required: true },
      etag: { type: 'string', required: true },
      url: { type: 'string' },
    },
  },
} as const;

const whereFields = {
  run_id: { type: 'string' },
  model_id: { type: 'string' },
  path: { type: 'string', required: true },
  expiration: { type: 'int64' },
} as const;

/** Completes multipart uploads, and returns presigned addresses of a store that has them. */
export const artifactUploadEndpoints: readonly Endpoint<ArtifactServices>[] = [
  endpoint({
    methods: ['POST'],
    path: `${parts}/complete/*`,
    versions: bothVersions,
    permission: 'write',
    fields: completeFields,
    async handle(input, { artifacts }: ArtifactServices) {
      const sent = input.parts.map(({ part_number, etag }) => ({
        part: Number(part_number),
        tag: etag.replaceAll('"', ''),
      }));
      await artifacts.completeUpload(uploadPath(input), input.upload_id, sent);
      return {};
    },
  }),
  endpoint({
    methods: ['POST'],
    path: `${parts}/abort/*`,
    versions: bothVersions,
    permission: 'write',
    fields: { ...uploadFields, upload_id: { type: 'string', required: true } },
    async handle(input, { artifacts }: ArtifactServices) {
      await artifacts.abortUpload(uploadPath(input), input.upload_id);
      return {};
    },
  }),
  endpoint({
    methods: ['GET'],
    path: '/mlflow-artifacts/presigned/*',
    versions: bothVersions,
    permission: 'read',
    fields: { '*': { type: 'string', required: true } },
    async handle(input, { artifacts }: ArtifactServices) {
      const path = requestedPath(input['*']);
      const access = await artifacts.direct?.download(path);
      if (!access) throw notDirect('Multipart download');
      return { url: access.url, headers: access.headers, file_size: access.size };
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/mlflow/artifacts/presigned-upload-url',
    versions: ['2.0'],
    permission: 'write',
    fields: whereFields,
    async handle(input, services: ArtifactServices) {
      const file = await namedPath(input, services);
      const access = await services.artifacts.direct?.upload(file);
      if (!access) throw notDirect('Presigned upload');
      return { presigned_url: access.url, headers: access.headers };
    },
  }),
  endpoint({
    methods: ['POST'],
    path: '/mlflow/artifacts/presigned-download-url',
    versions: ['2.0'],
    permission: 'read',
    fields: whereFields,
    async handle(input, services: ArtifactServices) {
      const file = await namedPath(input, services);
      const access = await services.artifacts.direct?.download(file);
      if (!access) throw notDirect('Presigned download');
      return { presigned_url: access.url, headers: access.headers, file_size: access.size };
    },
  }),
];

/** Begins a multipart upload, whose response depends on how the caller reached us, and takes the parts. */
export const artifactUploadRawEndpoints: readonly RawEndpoint<ArtifactServices>[] = [
  {
    methods: ['POST'],
    path: `${parts}/create/*`,
    versions: bothVersions,
    permission: 'write',
    async handle(exchange, { artifacts, publicUrl }) {
      const input = await readBegin(exchange);
      const path = uploadPath(input);
      const count = Number(input.num_parts ?? 1);
      if (count < 1 || count > mostParts)
        throw mlflowError(
          'INVALID_PARAMETER_VALUE',
          `Invalid value ${count} for parameter 'num_parts' supplied: It must be from 1 to ${mostParts}`,
        );
      const upload = await artifacts.beginUpload(path);
      const credentials = await Promise.all(
        Array.from({ length: count }, async (_value, file) => {
          const part = file + 1;
          const access = (await artifacts.direct?.part(path, { upload, part })) ?? {
            url: partAddress(exchange, path, { upload, part, publicUrl }),
            headers: ownHeaders(exchange),
          };
          return { part_number: part, ...access };
        }),
      );
      return exchange.reply
        .header('content-type', 'application/json')
        .send(wireText({ upload_id: upload, credentials }));
    },
  },
  {
    methods: ['PUT'],
    path: `${parts}/part/:upload/:part/*`,
    versions: bothVersions,
    permission: 'write',
    async handle(exchange, { artifacts }) {
      const { upload = '', part = '' } = exchange.request.params as Readonly<Record<string, string>>;
      const target = { upload, part: Number(part) };
      const { tag } = await artifacts.putPart(addressedPath(exchange), target, uploadOf(exchange.request));
      void exchange.reply.header('etag', `"${tag}"`);
      return {};
    },
  },
];

/** The file of an upload: the address has its folder, and `path` is the caller's name of it. */
function uploadPath(input: Input<typeof uploadFields>): ArtifactPath {
  const folder = requestedPath(input['*']);
  const name = requestedPath(input.path.split(/[/\\]/).at(-1) ?? '');
  if (name !== rootPath) return joinPaths(folder, name);
  throw mlflowError('INVALID_PARAMETER_VALUE', 'Invalid path');
}

async function readBegin(exchange: Exchange): Promise<Input<typeof beginFields>> {
  const { method, headers, params } = exchange.request;
  const contentType = headers['content-type'];
  const body = await streamText(exchange.request.body as Readable, { largest: largestRequest, contentType });
  return readInput(
    { fields: beginFields },
    {
      method,
      contentType,
      query: {},
      params: params as Readonly<Record<string, string>>,
      body,
    },
  ) as Input<typeof beginFields>;
}

interface PartLocation {
  readonly upload: string;
  readonly part: number;
  readonly publicUrl: string | undefined;
}

/** The address of a part: at the public address of the server, or else as the caller reached it, with its prefix. */
function partAddress(
  { request }: Exchange,
  path: ArtifactPath,
  { upload, part, publicUrl }: PartLocation,
): string {
  const { url = '' } = request.raw;
  const prefix = url.slice(0, url.indexOf(`${parts}/`));
  const origin = publicUrl ?? `${clientOf(request).secure ? 'https' : 'http'}://${request.host}`;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `${origin}${prefix}${parts}/part/${upload}/${part}/${encoded}`;
}

/** Clients send parts without signing in, so the caller gets its own credentials back. */
function ownHeaders({ request }: Exchange): Readonly<Record<string, string>> {
  const { authorization } = request.headers;
  return authorization === undefined ? {} : { Authorization: authorization };
}

async function namedPath(
  { run_id, model_id, path }: Input<typeof whereFields>,
  { runs, loggedModels }: ArtifactServices,
): Promise<ArtifactPath> {
  if (Boolean(run_id) === Boolean(model_id))
    throw mlflowError('INVALID_PARAMETER_VALUE', 'Exactly one of run_id and model_id must be provided.');
  const inner = requestedPath(path);
  const location = model_id ? await modelLocation(model_id, loggedModels) : await runLocation(run_id, runs);
  return pathBelow(location, inner);
}

function notDirect(what: string): Error {
  return mlflowError('NOT_IMPLEMENTED', `${what} is not supported for the current artifact repository`);
}
