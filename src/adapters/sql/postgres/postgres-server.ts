import { PlatformError } from '../../../kernel/errors.ts';

/** The first with what the tables and statements of Modelyard use that has not left support. */
const oldestVersion = 15;

export interface ServerFacts {
  /** The first part of its version: 15. */
  readonly version: number;
  readonly encoding: string;
  /** Where tables are made; null where the search_path leads nowhere. */
  readonly schema: string | null;
}

/**
 * @param shown the address without the password
 * @throws PlatformError CONFIG_INVALID for a server that cannot hold the tables
 */
export function refuseServer({ version, encoding, schema }: ServerFacts, shown: string): void {
  if (version < oldestVersion)
    throw wrong(`version of ${shown}`, version, `Modelyard needs PostgreSQL ${oldestVersion} or newer.`);
  if (encoding !== 'UTF8')
    throw wrong(`encoding of ${shown}`, encoding, "Create the database with: encoding 'UTF8'.");
  if (schema === null)
    throw wrong(`schema of ${shown}`, 'none', 'The search_path names no schema that is there: create it.');
}

function wrong(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', { field, value, remedy });
}
