import { PlatformError } from '../../../kernel/errors.ts';

/** Where a PostgreSQL database is. */
export interface PostgresAddress {
  readonly url: string;
  /** The same for messages: without the password and whatever else comes after the database's name. */
  readonly shown: string;
}

const remedy =
  'Write it as postgres://user:password@host:5432/database, with every @ : / ? # % of the password as %40 %3A %2F %3F %23 %25.';

/** @throws PlatformError CONFIG_INVALID, which does not repeat what it was given: a password may be anywhere in it */
export function postgresAddress(url: string): PostgresAddress {
  const parts = URL.canParse(url) ? new URL(url) : undefined;
  const isPostgres = parts?.protocol === 'postgres:' || parts?.protocol === 'postgresql:';
  if (!parts || !isPostgres || parts.hash)
    throw new PlatformError('CONFIG_INVALID', {
      field: 'database',
      value: 'no address of PostgreSQL',
      remedy,
    });
  const user = parts.username ? `${parts.username}@` : '';
  return { url, shown: `postgres://${user}${parts.host}${parts.pathname}` };
}
