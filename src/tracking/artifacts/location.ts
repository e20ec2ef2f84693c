import { type Digest, isDigest } from '../../kernel/digest.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { artifactPath, type ArtifactPath, rootPath } from './path.ts';

const scheme = 'mlflow-artifacts';
const proxyPath = /^\/(?:ajax-)?api\/(?:2|3)\.0\/mlflow-artifacts\/artifacts(?:\/|$)/;

/** The folder of the virtual root under which the files of datasets are read: 'modelyard/<digest>/…'. */
const foldersRoot = 'modelyard';
/** What `folderUri` puts before the digest. */
export const folderUriRoot = `${scheme}:/${foldersRoot}/`;

/** Where clients find the files of a dataset, by the digest of its manifest: 'mlflow-artifacts:/modelyard/<digest>'. */
export function folderUri(folder: Digest): string {
  return `${folderUriRoot}${folder}`;
}

/** The dataset whose files a URI names as a whole, as `folderUri` writes it. */
export function folderAt(uri: string): Digest | undefined {
  const named = uri.startsWith(folderUriRoot) ? uri.slice(folderUriRoot.length) : '';
  return isDigest(named) ? named : undefined;
}

/** The dataset that a path of the virtual root lies in, and where in it; 'other' for a path of that root that names none. */
export function folderOf(
  path: ArtifactPath,
): { readonly folder: Digest; readonly inner: ArtifactPath } | 'other' | undefined {
  const [root, folder = '', ...inner] = path.split('/');
  if (root !== foldersRoot) return undefined;
  return isDigest(folder) ? { folder, inner: inner.join('/') as ArtifactPath } : 'other';
}

/**
 * The place in our artifact store that an artifact URI means, absent where it lies in another store: 's3://…' is for the
 * client to read. A host in the URI is not asked: what it names is a path here.
 * @throws PlatformError INPUT_INVALID for a URI of ours with an unsafe path, a query or a fragment
 */
export function locationOf(uri: string): ArtifactPath | undefined {
  const [, name = '', rest = ''] = /^([a-z][a-z0-9+.-]*):(.*)$/is.exec(uri) ?? [];
  switch (name.toLowerCase()) {
    case scheme:
      return pathOf(rest.replace(/^\/\/[^/?#]*(?=\/|$)/, ''), uri);
    case 'http':
    case 'https': {
      const path = rest.replace(/^\/\/[^/?#]*/, '');
      const [prefix] = proxyPath.exec(path) ?? [];
      return prefix === undefined ? undefined : pathOf(path.slice(prefix.length), uri);
    }
    default:
      return undefined;
  }
}

/** A browser would run what follows these, were it ever a link. */
const scriptSchemes: ReadonlySet<string> = new Set(['javascript', 'vbscript', 'data']);

/**
 * Whether a URI names a store, such as 's3://bucket/x' or 'lakefs://repo/main'. Clients open it; this server never does,
 * so that any scheme will do. A single letter is a drive, and 'file' a folder of a machine.
 */
export function namesStore(uri: string): boolean {
  const [, name = ''] = /^([a-z][a-z0-9+.-]+):\//i.exec(uri) ?? [];
  return name !== '' && name.toLowerCase() !== 'file' && !scriptSchemes.has(name.toLowerCase());
}

/** @throws PlatformError INPUT_INVALID where the artifacts of `uri` are not in our store */
export function ownLocation(uri: string): ArtifactPath {
  const path = locationOf(uri);
  if (path !== undefined) return path;
  throw new PlatformError('INPUT_INVALID', {
    field: 'artifact location',
    value: uri,
    remedy: 'Its artifacts are not kept by this server: read them where they are.',
  });
}

function pathOf(rest: string, uri: string): ArtifactPath {
  if (/[?#]/.test(rest))
    throw new PlatformError('INPUT_INVALID', {
      field: 'artifact location',
      value: uri,
      remedy: 'Leave the query and the fragment out.',
    });
  const path = rest.replace(/^\//, '');
  return path === '' ? rootPath : artifactPath(path);
}
