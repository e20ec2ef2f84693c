import { PlatformError } from '../../kernel/errors.ts';

/** A checked path in an artifact store: names joined by '/', relative to its root, which is ''. Only `artifactPath` makes one. */
export type ArtifactPath = string & { readonly __brand: 'ArtifactPath' };

export const rootPath = '' as ArtifactPath;

const longestPath = 4096;
/** Of one name, in bytes: what common file systems take. */
const longestName = 255;
/** More layers of percent-encoding than this are nobody's file name. */
const mostDecodings = 8;

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f]/;

/**
 * Checks a path that a caller sent. It is decoded until it stays the same, and every form met on the way must be safe,
 * so that nothing behind this can decode it into another place. What is answered is the path as it was sent, with one
 * closing slash left out: a file called '100%25' keeps its name.
 * @throws PlatformError INPUT_INVALID for what is absolute or begins with a drive or a scheme, an empty name, '.', '..', a
 * backslash, '#', '?', a control character or bytes that are not UTF-8, and for what is too long
 */
export function artifactPath(sent: string): ArtifactPath {
  const path = sent.endsWith('/') ? sent.slice(0, -1) : sent;
  if (path === '' && sent === '') return rootPath;
  for (const form of decodings(path)) {
    const fault = faultOf(form);
    if (fault !== undefined) throw refused(sent, fault);
  }
  return path as ArtifactPath;
}

/** The path of `inner` within `folder`; either may be the root. */
export function joinPaths(folder: ArtifactPath, inner: ArtifactPath): ArtifactPath {
  return [folder, inner].filter((part) => part !== '').join('/') as ArtifactPath;
}

/** The last name of a path. */
export function baseName(path: ArtifactPath): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** What a path is within a folder; absent when it is not in it. A folder is within itself as the root. */
export function pathWithin(folder: ArtifactPath, path: ArtifactPath): ArtifactPath | undefined {
  if (folder === rootPath || path === folder) return path.slice(folder.length) as ArtifactPath;
  return path.startsWith(`${folder}/`) ? (path.slice(folder.length + 1) as ArtifactPath) : undefined;
}

/** A path and all that it decodes to, the last of them stable. */
function decodings(path: string): readonly string[] {
  const forms = [path];
  for (let form = path; forms.length <= mostDecodings;) {
    const next = decodedOnce(form);
    if (next === form) return forms;
    forms.push(next);
    form = next;
  }
  throw refused(path, 'is encoded again and again');
}

/** Bytes that are not UTF-8 become U+FFFD, which is refused; a '%' that encodes nothing stays. */
function decodedOnce(text: string): string {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
}

function faultOf(path: string): string | undefined {
  if (Buffer.byteLength(path) > longestPath) return `is longer than ${longestPath} bytes`;
  if (path.startsWith('/')) return 'is absolute';
  if (/^(?:[a-z]|file):\//i.test(path)) return 'is an address';
  if (path.includes('\\')) return 'has a backslash';
  if (/[#?]/.test(path)) return "has '#' or '?'";
  if (controlCharacter.test(path)) return 'has a control character';
  if (/[\ufffd\p{Surrogate}]/u.test(path)) return 'is not UTF-8';
  return path
    .split('/')
    .map(faultOfName)
    .find((fault) => fault !== undefined);
}

function faultOfName(name: string): string | undefined {
  if (name.trim() === '') return 'has an empty name';
  if (/^\.+$/.test(name)) return 'has a name of dots';
  return Buffer.byteLength(name) > longestName ? `has a name longer than ${longestName} bytes` : undefined;
}

function refused(path: string, fault: string): PlatformError {
  return new PlatformError('INPUT_INVALID', {
    field: 'path',
    value: path,
    remedy: `It ${fault}: send names joined by '/', relative to the artifacts.`,
  });
}
