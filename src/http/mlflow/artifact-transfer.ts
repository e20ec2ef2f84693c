import { finished, Readable } from 'node:stream';
import { PlatformError } from '../../kernel/errors.ts';
import { ownLocation } from '../../tracking/artifacts/location.ts';
import {
  artifactPath,
  type ArtifactPath,
  baseName,
  joinPaths,
  rootPath,
} from '../../tracking/artifacts/path.ts';
import type { ArtifactStore, ArtifactEntry, OpenArtifact } from '../../tracking/artifacts/store.ts';
import { contentDisposition } from '../body/content-disposition.ts';
import { uploadOf } from '../body/upload.ts';
import { mediaType, promisedDigest, rangeOf } from './artifact-headers.ts';
import { mlflowError } from './wire/errors.ts';
import type { WireObject } from './wire/json.ts';
import type { Exchange } from './wire/raw-endpoint.ts';

/** Checks a path of a request. @throws MlflowError 'Invalid path', MLflow's wording */
export function requestedPath(sent: string): ArtifactPath {
  try {
    return artifactPath(sent);
  } catch (error) {
    throw mlflowError('INVALID_PARAMETER_VALUE', 'Invalid path', { cause: error });
  }
}

/**
 * The folder to list. Clients that walk a tree from '.' call its entries './model' and continue with that name.
 * @throws MlflowError 'Invalid path'
 */
export function requestedFolder(sent: string): ArtifactPath {
  if (sent.startsWith('/')) return requestedPath(sent);
  const names = sent.split('/').filter((name) => name !== '.');
  return requestedPath(names.join('/'));
}

/** The path at the end of an address; it must not be empty. @throws MlflowError 'Invalid path' */
export function addressedPath({ request }: Exchange): ArtifactPath {
  const sent = (request.params as Readonly<Record<string, string | undefined>>)['*'] ?? '';
  const path = requestedPath(sent);
  // A proxy may cut off a fragment.
  if (path !== rootPath && !request.raw.url?.includes('#')) return path;
  throw mlflowError('INVALID_PARAMETER_VALUE', 'Invalid path');
}

/** The full path below an artifact location. @throws PlatformError INPUT_INVALID for a location that is not ours */
export function pathBelow(location: string, inner: ArtifactPath): ArtifactPath {
  return joinPaths(ownLocation(location), inner);
}

/** Stores the body. */
export async function receiveFile(
  exchange: Exchange,
  store: ArtifactStore,
  path: ArtifactPath,
): Promise<WireObject> {
  const digest = promisedDigest(exchange.request.headers['content-digest']);
  await store.put(path, uploadOf(exchange.request), digest ? { digest } : {});
  return {};
}

/** Files are downloads and never rendered, so that nothing in them runs on our origin. */
const safely = {
  'x-content-type-options': 'nosniff',
  'content-security-policy': "sandbox; default-src 'none'",
  'cache-control': 'private, no-cache',
  'accept-ranges': 'bytes',
};

/** Sends a file or the requested part, as fast as the caller reads. */
export async function sendFile(
  { request, reply }: Exchange,
  store: ArtifactStore,
  path: ArtifactPath,
): Promise<unknown> {
  const opened = await openFound(store, path);
  const tag = `"${opened.tag}"`;
  const name = baseName(path);
  void reply.headers({ ...safely, etag: tag, 'content-disposition': contentDisposition(name) });
  if (opened.modifiedAt !== undefined)
    void reply.header('last-modified', new Date(opened.modifiedAt).toUTCString());
  const { range: asked, 'if-range': ifRange, 'if-none-match': ifNoneMatch } = request.headers;
  if (ifNoneMatch?.split(',').some((etag) => etag.trim().replace(/^W\//, '') === tag)) {
    await opened[Symbol.asyncDispose]();
    return reply.status(304).send();
  }
  const range = rangeOf(ifRange === undefined || ifRange === tag ? asked : undefined, opened.size);
  if (range === 'none') {
    await opened[Symbol.asyncDispose]();
    void reply.header('content-range', `bytes */${opened.size}`);
    return reply.status(416).send();
  }
  void reply.type(mediaType(name));
  const { start, end } = range === 'whole' ? { start: 0, end: opened.size } : range;
  if (range !== 'whole')
    void reply.status(206).header('content-range', `bytes ${start}-${end - 1}/${opened.size}`);
  void reply.header('content-length', String(end - start));
  return reply.send(streamOf(opened, request.method === 'HEAD' ? { start, end: start } : { start, end }));
}

function streamOf(opened: OpenArtifact, range: { readonly start: number; readonly end: number }): Readable {
  const content = opened.read(range);
  const stream = content instanceof Readable ? content : Readable.from(content);
  finished(stream, () => void opened[Symbol.asyncDispose]());
  return stream;
}

async function openFound(store: ArtifactStore, path: ArtifactPath): Promise<OpenArtifact> {
  try {
    return await store.open(path);
  } catch (error) {
    if (!(error instanceof PlatformError) || error.code !== 'ARTIFACT_NOT_FOUND') throw error;
    throw mlflowError('RESOURCE_DOES_NOT_EXIST', `No such artifact: '${path}'`, { cause: error });
  }
}

/** Entries as MLflow lists them, with the path from `pathOf`. */
export function fileList(
  entries: readonly ArtifactEntry[],
  pathOf: (entry: ArtifactEntry) => string,
): WireObject {
  if (entries.length === 0) return {};
  return {
    files: entries.map((entry) => ({
      path: pathOf(entry),
      is_dir: entry.size === undefined,
      file_size: entry.size,
    })),
  };
}
