import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { MlflowSource } from '../../../exchange/import/source.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { type MlflowCredentials, openMlflowClient } from '../client.ts';
import { openFolderSource } from './folder.ts';
import type { RetryOptions } from './server-calls.ts';
import { serverSource } from './server.ts';
import { openSqliteSource } from './sqlite.ts';

export interface MlflowSourceOptions {
  /** For a server. */
  readonly credentials?: MlflowCredentials | undefined;
  /** The folder that the server names 'mlflow-artifacts:/', for files that are read without it. */
  readonly served?: string | undefined;
  readonly retry: RetryOptions;
}

/**
 * Opens an MLflow tracking URI: the address of a server, 'sqlite:///path' or a path to the file, 'file:///path' or a path
 * to the folder.
 * @throws PlatformError CONFIG_INVALID for another kind of URI; SOURCE_UNREADABLE where it cannot be read
 */
export async function openMlflowSource(
  address: string,
  { credentials, served, retry }: MlflowSourceOptions,
): Promise<MlflowSource> {
  if (/^https?:/i.test(address)) {
    const client = openMlflowClient({ url: address, credentials });
    return serverSource(client, { retry, hasUsers: credentials !== undefined });
  }
  const path = pathOf(address);
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isFile()) return openSqliteSource(path, served);
  if (facts?.isDirectory()) return openFolderSource(path, served);
  throw new PlatformError('SOURCE_UNREADABLE', {
    field: 'source',
    value: address,
    remedy: 'It does not exist: name a server, a SQLite file or an mlruns folder.',
  });
}

/** A SQLite URI has three slashes before a relative path and four before an absolute one. */
function pathOf(address: string): string {
  const [, sqlite] = /^sqlite:\/\/\/(.+)$/i.exec(address) ?? [];
  if (sqlite !== undefined) return sqlite.replace(/\?.*$/, '');
  if (/^file:\/\//i.test(address) && URL.canParse(address)) return fileURLToPath(address);
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(address) ?? [];
  if (scheme === undefined) return address;
  if (/^file$/i.test(scheme)) return address.slice('file:'.length);
  throw new PlatformError('CONFIG_INVALID', {
    field: 'source',
    value: address.replace(/\/\/[^/@]*@/, '//***@'),
    remedy:
      "Give the address of the MLflow server that uses this database: 'http://…'. Without a server, import can read a SQLite file or an mlruns folder.",
  });
}
