import { namesStore } from '../tracking/artifacts/location.ts';

/** The source that clients send for a prompt, which has no files. */
const noFiles: ReadonlySet<string> = new Set(['prompt-template', 'dummy-source']);

const longestSource = 2048;
/** No real file name has more layers of percent-encoding than this. */
const mostDecodings = 8;

// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const controlCharacter = /[\u0000-\u001f\u007f]/;

export type SourceFault = 'local' | 'relative' | 'unsafe';

/**
 * What is wrong with a version's source. It never depends on the caller's tags, and code that reads files from it must
 * check the path again.
 * @param runFolder the artifact folder of the version's run: a local path must be inside it
 * @returns 'local' for a path on the server outside of `runFolder`, 'relative' for '..' in any encoding and for control
 *   characters, 'unsafe' for an unknown store, a fragment, a backslash and a source that is too long
 */
export function sourceFault(source: string, runFolder: string | undefined): SourceFault | undefined {
  if (noFiles.has(source)) return undefined;
  if (source.length > longestSource) return 'unsafe';
  const forms = decodings(source);
  if (!forms) return 'unsafe';
  if (forms.some((form) => form.includes('\\'))) return 'unsafe';
  const scheme = schemeOf(source);
  const isLocal = scheme === undefined || scheme === 'file';
  if (forms.some((form) => controlCharacter.test(form))) return isLocal ? 'local' : 'relative';
  if (forms.some(climbs)) return isLocal ? 'local' : 'relative';
  if (isLocal) return isInside(source, runFolder) ? undefined : 'local';
  if (!namesStore(source) || source.includes('#')) return 'unsafe';
  return undefined;
}

/** The lower-case scheme; undefined for a plain path. A single letter is a drive. */
function schemeOf(source: string): string | undefined {
  return /^([a-z][a-z0-9+.-]*):/i.exec(source)?.[1]?.toLowerCase();
}

/** Whether a path segment is '.' or '..', with the parameters and query of a URL as segments. */
function climbs(form: string): boolean {
  return form.split(/[/?#;&=]/).some((name) => /^\s*\.{1,2}\s*$/.test(name));
}

/** The source and its decoded forms, until decoding changes nothing; undefined if it has too many layers. */
function decodings(source: string): readonly string[] | undefined {
  const forms = [source];
  for (let form = source; forms.length <= mostDecodings;) {
    const decoded = decodedOnce(form);
    if (decoded === undefined) return undefined;
    if (decoded === form) return forms;
    forms.push(decoded);
    form = decoded;
  }
  return undefined;
}

/** Decodes percent-encoding; undefined for bytes that are not text. A percent sign without a byte stays. */
function decodedOnce(form: string): string | undefined {
  try {
    return form.replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => decodeURIComponent(bytes));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

function isInside(source: string, runFolder: string | undefined): boolean {
  const [inner, outer] = [localPath(source), runFolder === undefined ? undefined : localPath(runFolder)];
  if (inner === undefined || outer === undefined) return false;
  return inner === outer || inner.startsWith(`${outer}/`);
}

/** An absolute path of this machine, without a trailing slash; undefined for anything else. */
function localPath(uri: string): string | undefined {
  const path = uri.replace(/^file:(\/\/(?=\/))?/i, '');
  if (!path.startsWith('/') || path.startsWith('//') || /[?#]/.test(path)) return undefined;
  return path.length > 1 ? path.replace(/\/$/, '') : path;
}
