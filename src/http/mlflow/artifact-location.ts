import { posix } from 'node:path';
import { namesStore } from '../../tracking/artifacts/location.ts';
import { mlflowError } from './wire/errors.ts';

const longest = 2048;

/** Characters that some URL parsers treat specially. */
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const meaningful = /[?#;\\\u0000-\u001f\u007f]/;

/**
 * Checks the artifact location of an experiment. It must mean the same to every reader: no query, fragment, parameters or
 * `..`, in any encoding. A path without a scheme becomes absolute.
 * @returns undefined for '', which means the default
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function checkedLocation(location: string | undefined, folder: string): string | undefined {
  if (!location) return undefined;
  if (location.length > longest)
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Invalid artifact path length. The length of the artifact path cannot be greater than ${longest} characters.`,
    );
  if (/^runs:/i.test(location))
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Artifact location cannot be a runs:/ URI. Given: '${location}'`,
    );
  const plain = decoded(location);
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(plain) ?? [];
  const isAccepted =
    scheme === undefined ? !plain.includes(':') : scheme.toLowerCase() === 'file' || namesStore(plain);
  if (!isAccepted || meaningful.test(plain) || plain.split('/').includes('..'))
    throw mlflowError('INVALID_PARAMETER_VALUE', refusalOf(location));
  return scheme === undefined ? posix.resolve(folder, location) : location;
}

/** Why a location is refused, in MLflow's wording where MLflow refuses it too. */
function refusalOf(location: string): string {
  if (/[#;]/.test(location)) return "'artifact_location' URL can't include fragments or params.";
  if (/\?.*\.\./.test(decoded(location))) return 'Invalid query string';
  return `Invalid artifact location: '${location}'`;
}

function decoded(text: string): string {
  let plain = text;
  for (let times = 0; times < 10; times += 1) {
    const next = decodedOnce(plain);
    if (next === plain) return plain;
    plain = next;
  }
  return '..';
}

function decodedOnce(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
