import { posix } from 'node:path';
import { mlflowError } from './wire/errors.ts';

const longest = 2048;

/** Where artifacts may be said to lie: in this server's store, in a store that clients reach, in a folder of theirs. */
const schemes: ReadonlySet<string> = new Set([
  'mlflow-artifacts',
  'file',
  's3',
  'gs',
  'r2',
  'wasb',
  'wasbs',
  'abfs',
  'abfss',
  'dbfs',
  'hdfs',
  'viewfs',
  'ftp',
  'sftp',
  'http',
  'https',
]);

/**
 * A location for the artifacts of an experiment, as a client wants it. It must be the same whoever reads it: without a
 * query, a fragment, parameters or `..`, however often these are encoded. A path without a scheme is made absolute.
 * @returns undefined for '', which asks for the default
 * @throws MlflowError INVALID_PARAMETER_VALUE
 */
export function checkedLocation(location: string | undefined, folder: string): string | undefined {
  if (!location) return undefined;
  if (location.length > longest)
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `'artifact_location' exceeds the maximum length of ${longest} characters`,
    );
  if (/^runs:/i.test(location))
    throw mlflowError(
      'INVALID_PARAMETER_VALUE',
      `Artifact location cannot be a runs:/ URI. Given: '${location}'`,
    );
  const plain = decoded(location);
  const [, scheme] = /^([a-z][a-z0-9+.-]*):/i.exec(plain) ?? [];
  const known = scheme === undefined ? !plain.includes(':') : schemes.has(scheme.toLowerCase());
  if (!known || /[?#;\\\0]/.test(plain) || plain.split('/').includes('..'))
    throw mlflowError('INVALID_PARAMETER_VALUE', `Invalid artifact location: '${location}'`);
  return scheme === undefined ? posix.resolve(folder, location) : location;
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
