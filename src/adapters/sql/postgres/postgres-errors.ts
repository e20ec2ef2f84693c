import { DatabaseError } from 'pg';
import { PlatformError, type ErrorCode } from '../../../kernel/errors.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly remedy: string;
}

const unreachable: Meaning = {
  code: 'NOT_READY',
  remedy:
    'PostgreSQL does not answer at this address, or stopped during a query: start it, or correct the address.',
};
const busy: Meaning = {
  code: 'NOT_READY',
  remedy: 'All connections were in use for too long: try again, or allow more connections.',
};
const refused: Meaning = {
  code: 'CONFIG_INVALID',
  remedy:
    'PostgreSQL does not let this user in: correct the password in the address, or the rules in its pg_hba.conf.',
};
const unencrypted: Meaning = {
  code: 'CONFIG_INVALID',
  remedy:
    'The connection cannot be encrypted, or the certificate is not trusted: correct sslmode and sslrootcert in the address.',
};
const unwritable: Meaning = {
  code: 'STATE_UNWRITABLE',
  remedy: "The server's disk is full or failing: free some space there and try again.",
};
const locked: Meaning = {
  code: 'STATE_LOCKED',
  remedy: 'Other transactions are writing the same rows and hold them for too long: try again.',
};
const damaged: Meaning = {
  code: 'STATE_DAMAGED',
  remedy: 'PostgreSQL found damaged files: restore a backup.',
};

/** By SQLSTATE, or by its first two characters for a class. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const meanings: ReadonlyMap<string, Meaning> = new Map([
  ['08', unreachable], // connection exception
  [
    '25006',
    { code: 'STATE_UNWRITABLE', remedy: 'The server is read-only: give the address of the primary.' },
  ],
  ['28', refused], // invalid authorization
  ['3D000', { code: 'CONFIG_INVALID', remedy: 'The database does not exist on the server: create it.' }],
  ['3F000', { code: 'CONFIG_INVALID', remedy: 'The schema of the search_path does not exist: create it.' }],
  ['40', locked], // transaction rollback: serialization failure, deadlock
  [
    '42501',
    {
      code: 'CONFIG_INVALID',
      remedy:
        'The user lacks a privilege: make it the owner of the database, or grant it usage and create on the schema and all on its tables.',
    },
  ],
  [
    '53300',
    {
      code: 'NOT_READY',
      remedy: 'The server has no free connection: raise its max_connections, or let fewer servers share it.',
    },
  ],
  ['53', unwritable], // insufficient resources: disk full, out of memory
  ['55P03', locked], // lock not available in time
  ['57', unreachable], // operator intervention: shutting down, starting up
  ['58', unwritable], // system error: input or output
  ['XX001', damaged],
  ['XX002', damaged],
]);

/** SQLSTATE classes for values that a column, an index or a statement refuses. */
const inputClasses: ReadonlySet<string> = new Set(['22', '54']);

/**
 * Maps a failure of PostgreSQL or of the connection to an error with a remedy.
 * @param masked the address without the password
 */
export function postgresError(error: unknown, masked: string): PlatformError {
  const meaning = error instanceof DatabaseError ? meaningOfState(error) : meaningOfConnection(error);
  const field = meaning.code === 'INPUT_INVALID' ? 'input to the database' : 'database';
  return new PlatformError(meaning.code, { field, value: masked, remedy: meaning.remedy }, { cause: error });
}

/** The SQLSTATE of an error from `postgresError`. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof PlatformError)) return undefined;
  return error.cause instanceof DatabaseError ? error.cause.code : undefined;
}

function meaningOfState({ code = '', message }: DatabaseError): Meaning {
  const meaning = meanings.get(code) ?? meanings.get(code.slice(0, 2));
  if (meaning) return meaning;
  const isInput = inputClasses.has(code.slice(0, 2));
  return {
    code: isInput ? 'INPUT_INVALID' : 'INTERNAL',
    remedy: `PostgreSQL answered ${code}: ${message}.`,
  };
}

/** Failures before the server speaks SQL have no SQLSTATE: TLS, authentication and files named in the address. */
function meaningOfConnection(error: unknown): Meaning {
  if (!(error instanceof Error)) return unreachable;
  const code = 'code' in error ? String(error.code) : '';
  const call = 'syscall' in error ? error.syscall : undefined;
  if (/SSL|TLS|CERT|SIGNATURE/.test(`${code} ${error.message}`) || call === 'open') return unencrypted;
  if (error.message === 'timeout exceeded when trying to connect') return busy; // from pg-pool's queue
  return /^SASL|password/i.test(error.message) ? refused : unreachable;
}
