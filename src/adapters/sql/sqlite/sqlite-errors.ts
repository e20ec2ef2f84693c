import { PlatformError, type ErrorCode } from '../../../kernel/errors.ts';
import type { SqliteFailure } from './sqlite-messages.ts';

interface Meaning {
  readonly code: ErrorCode;
  readonly remedy: string;
}

const damaged: Meaning = {
  code: 'STATE_DAMAGED',
  remedy:
    'The file is not a valid SQLite database. Restore a backup, or move the file and its -wal file away to start with an empty database.',
};
const unwritable: Meaning = {
  code: 'STATE_UNWRITABLE',
  remedy: 'Give this user the right to write the file and its folder, or name another folder with --state.',
};
const failing: Meaning = {
  code: 'STATE_UNWRITABLE',
  remedy: 'The disk is full or failing: free some space and try again.',
};
const locked: Meaning = {
  code: 'STATE_LOCKED',
  remedy: 'Another process is writing to it: stop that process, or try again.',
};

/** By SQLite's result codes. An extended code takes precedence over its primary code. */
const meanings: ReadonlyMap<number, Meaning> = new Map([
  [3, unwritable], // SQLITE_PERM
  [5, locked], // SQLITE_BUSY
  [6, locked], // SQLITE_LOCKED
  [8, unwritable], // SQLITE_READONLY
  [10, failing], // SQLITE_IOERR
  [11, damaged], // SQLITE_CORRUPT
  [13, failing], // SQLITE_FULL
  [14, unwritable], // SQLITE_CANTOPEN
  [26, damaged], // SQLITE_NOTADB
  [522, damaged], // SQLITE_IOERR_SHORT_READ: the file was cut
]);

/** SQLite refused a statement as too large. It has no error code of its own, so the message decides. */
const tooLarge =
  /^(too many (SQL variables|columns|terms)|at most \d+ tables|Expression tree is too large|parser stack overflow|string or blob too big|LIKE or GLOB pattern too complex)/;

/** Maps a SQLite failure to an error with a remedy. @param path of the database file */
export function sqliteError({ code, message }: SqliteFailure, path: string): PlatformError {
  if (tooLarge.test(message)) {
    const remedy = 'Query too large; split the request.';
    return new PlatformError('INPUT_INVALID', { field: 'request', value: message, remedy });
  }
  const summary = `SQLite failed with ${code}: ${message}`;
  const meaning = meanings.get(code) ??
    meanings.get(code & 0xff) ?? { code: 'INTERNAL', remedy: `${summary}.` };
  const detail = { field: 'database', value: path, remedy: meaning.remedy };
  return new PlatformError(meaning.code, detail, { cause: new Error(summary) });
}
