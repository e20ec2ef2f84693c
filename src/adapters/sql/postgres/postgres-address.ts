import { PlatformError } from '../../../kernel/errors.ts';

/** The address of a PostgreSQL database. */
export interface PostgresAddress {
  readonly url: string;
  /** The address for messages: without the password and everything after the database's name. */
  readonly masked: string;
}

const remedy =
  'Write it as postgres://user:password@host:5432/database, with every @ : / ? # % of the password as %40 %3A %2F %3F %23 %25.';

/** @throws PlatformError CONFIG_INVALID, without the address: it may contain a password anywhere */
export function postgresAddress(url: string): PostgresAddress {
  const parts = URL.canParse(url) ? new URL(url) : undefined;
  const isPostgres = parts?.protocol === 'postgres:' || parts?.protocol === 'postgresql:';
  if (!parts || !isPostgres || parts.hash)
    throw new PlatformError('CONFIG_INVALID', {
      field: 'database',
      value: 'not a PostgreSQL address',
      remedy,
    });
  const user = parts.username ? `${parts.username}@` : '';
  return { url, masked: `postgres://${user}${parts.host}${parts.pathname}` };
}
