import { PlatformError } from '../../../kernel/errors.ts';

/** The oldest supported PostgreSQL version that has the features we use. */
const oldestVersion = 15;

export interface ServerFacts {
  /** The major version: 15. */
  readonly version: number;
  readonly encoding: string;
  /** The schema for new tables; null if no schema of the search_path exists. */
  readonly schema: string | null;
}

/**
 * @param masked the address without the password
 * @throws PlatformError CONFIG_INVALID for a server that cannot hold the tables
 */
export function refuseServer({ version, encoding, schema }: ServerFacts, masked: string): void {
  if (version < oldestVersion)
    throw wrong(`version of ${masked}`, version, `Modelyard needs PostgreSQL ${oldestVersion} or newer.`);
  if (encoding !== 'UTF8')
    throw wrong(`encoding of ${masked}`, encoding, "Create the database with: encoding 'UTF8'.");
  if (schema === null)
    throw wrong(`schema of ${masked}`, 'none', 'No schema of the search_path exists: create it.');
}

function wrong(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', { field, value, remedy });
}
