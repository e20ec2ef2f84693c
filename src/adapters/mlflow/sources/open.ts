import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { MlflowSource } from '../../../exchange/import/source.ts';
import { PlatformError } from '../../../kernel/errors.ts';
import { type MlflowCredentials, openMlflowClient } from '../client.ts';
import { openFolderSource } from './folder.ts';
import type { Patience } from './server-calls.ts';
import { serverSource } from './server.ts';
import { openSqliteSource } from './sqlite.ts';

export interface MlflowSourceOptions {
  /** For a server. */
  readonly credentials?: MlflowCredentials | undefined;
  /** Where a server kept what it names 'mlflow-artifacts:/', for files read without it. */
  readonly served?: string | undefined;
  readonly patience: Patience;
}

/**
 * Opens what MLflow calls a tracking URI: the address of a server, 'sqlite:///path' or the file itself, 'file:///path' or
 * the folder itself.
 * @throws PlatformError CONFIG_INVALID for what is none of these; SOURCE_UNREADABLE for one that cannot be read
 */
export async function openMlflowSource(
  address: string,
  { credentials, served, patience }: MlflowSourceOptions,
): Promise<MlflowSource> {
  if (/^https?:/i.test(address)) {
    const client = openMlflowClient({ url: address, credentials });
    return serverSource(client, { patience, hasUsers: credentials !== undefined });
  }
  const path = pathOf(address);
  const facts = await stat(path).catch(() => undefined);
  if (facts?.isFile()) return openSqliteSource(path, served);
  if (facts?.isDirectory()) return openFolderSource(path, served);
  throw new PlatformError('SOURCE_UNREADABLE', {
    field: 'source',
    value: address,
    remedy: 'Nothing is there: give a server, a SQLite file or a folder mlruns.',
  });
}

/** Of a SQLite address three slashes stand before a relative path, and four before an absolute one. */
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
      "Give the address of the MLflow server that has this database: 'http://…'; a SQLite file or a folder mlruns can be read without one.",
  });
}
