import { DatabaseError } from 'pg';
import { PlatformError, type ErrorCode } from '../../../kernel/errors.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly remedy: string;
}

const unreachable: Meaning = {
  code: 'NOT_READY',
  remedy:
    'PostgreSQL does not answer there, or stopped while it was asked: start it, or correct the address.',
};
const busy: Meaning = {
  code: 'NOT_READY',
  remedy: 'Every connection to it was in use for too long: try again, or allow more connections.',
};
const refused: Meaning = {
  code: 'CONFIG_INVALID',
  remedy:
    'PostgreSQL lets this user in neither by password nor by its pg_hba.conf: correct the address or the rights.',
};
const unencrypted: Meaning = {
  code: 'CONFIG_INVALID',
  remedy:
    'No encrypted connection that can be trusted comes about: correct sslmode and sslrootcert in the address.',
};
const unwritable: Meaning = {
  code: 'STATE_UNWRITABLE',
  remedy: "The server's disk is full or fails: free some space there and try again.",
};
const locked: Meaning = {
  code: 'STATE_LOCKED',
  remedy: 'Others write to the same rows and do not come to an end: try again.',
};
const damaged: Meaning = {
  code: 'STATE_DAMAGED',
  remedy: 'PostgreSQL found its files damaged: restore a backup.',
};

/** By SQLSTATE, or by its first two characters for a class. https://www.postgresql.org/docs/current/errcodes-appendix.html */
const meanings: ReadonlyMap<string, Meaning> = new Map([
  ['08', unreachable], // connection exception
  ['25006', { code: 'STATE_UNWRITABLE', remedy: 'The server only reads: give the address of the primary.' }],
  ['28', refused], // invalid authorization
  ['3D000', { code: 'CONFIG_INVALID', remedy: 'There is no such database on the server: create it.' }],
  ['3F000', { code: 'CONFIG_INVALID', remedy: 'The schema of the search_path is not there: create it.' }],
  ['40', locked], // transaction rollback: serialization failure, deadlock
  [
    '42501',
    {
      code: 'CONFIG_INVALID',
      remedy:
        'The user may not do this: make it the owner of the database, or grant it usage and create on the schema and all on its tables.',
    },
  ],
  [
    '53300',
    {
      code: 'NOT_READY',
      remedy: 'The server has no connection left: raise its max_connections, or let fewer servers share it.',
    },
  ],
  ['53', unwritable], // insufficient resources: disk full, out of memory
  ['55P03', locked], // lock not available in time
  ['57', unreachable], // operator intervention: shutting down, starting up
  ['58', unwritable], // system error: input or output
  ['XX001', damaged],
  ['XX002', damaged],
]);

/** Data that a column, an index or a statement does not take. */
const inputClasses: ReadonlySet<string> = new Set(['22', '54']);

/**
 * What a failure of PostgreSQL, or of the way to it, means to the one who runs Modelyard.
 * @param shown the address without the password
 */
export function postgresError(error: unknown, shown: string): PlatformError {
  const meaning = error instanceof DatabaseError ? meaningOfState(error) : meaningOfConnection(error);
  const field = meaning.code === 'INPUT_INVALID' ? 'input to the database' : 'database';
  return new PlatformError(meaning.code, { field, value: shown, remedy: meaning.remedy }, { cause: error });
}

/** The SQLSTATE behind an error of `postgresError`. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof PlatformError)) return undefined;
  return error.cause instanceof DatabaseError ? error.cause.code : undefined;
}

function meaningOfState({ code = '', message }: DatabaseError): Meaning {
  const known = meanings.get(code) ?? meanings.get(code.slice(0, 2));
  if (known) return known;
  const isInput = inputClasses.has(code.slice(0, 2));
  return {
    code: isInput ? 'INPUT_INVALID' : 'INTERNAL',
    remedy: `PostgreSQL answered ${code}: ${message}.`,
  };
}

/** What comes before the server speaks SQL has no SQLSTATE: TLS, the password's exchange and files that the address names. */
function meaningOfConnection(error: unknown): Meaning {
  if (!(error instanceof Error)) return unreachable;
  const code = 'code' in error ? String(error.code) : '';
  const call = 'syscall' in error ? error.syscall : undefined;
  if (/SSL|TLS|CERT|SIGNATURE/.test(`${code} ${error.message}`) || call === 'open') return unencrypted;
  if (error.message === 'timeout exceeded when trying to connect') return busy; // pg-pool, of one who waits in its queue
  return /^SASL|password/i.test(error.message) ? refused : unreachable;
}
