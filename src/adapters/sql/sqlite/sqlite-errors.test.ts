import { expect, test } from 'vitest';
import { sqliteError } from './sqlite-errors.ts';

test.each([
  { sqlite: 'SQLITE_CORRUPT_INDEX', number: 779, code: 'STATE_DAMAGED', remedy: 'backup' },
  { sqlite: 'SQLITE_NOTADB', number: 26, code: 'STATE_DAMAGED', remedy: 'backup' },
  { sqlite: 'SQLITE_READONLY_DIRECTORY', number: 1544, code: 'STATE_UNWRITABLE', remedy: 'right to write' },
  { sqlite: 'SQLITE_CANTOPEN', number: 14, code: 'STATE_UNWRITABLE', remedy: 'right to write' },
  { sqlite: 'SQLITE_FULL', number: 13, code: 'STATE_UNWRITABLE', remedy: 'free some space' },
  { sqlite: 'SQLITE_IOERR_FSYNC', number: 1034, code: 'STATE_UNWRITABLE', remedy: 'free some space' },
  { sqlite: 'SQLITE_IOERR_SHORT_READ', number: 522, code: 'STATE_DAMAGED', remedy: 'backup' },
  { sqlite: 'SQLITE_BUSY_SNAPSHOT', number: 517, code: 'STATE_LOCKED', remedy: 'Another process' },
  { sqlite: 'SQLITE_ERROR', number: 1, code: 'INTERNAL', remedy: 'SQLite failed with 1: why' },
])('$sqlite means $code', ({ number, code, remedy }) => {
  const error = sqliteError({ code: number, message: 'why' }, 'state.db');
  expect(error).toMatchObject({
    code,
    detail: { field: 'database', value: 'state.db', remedy: expect.stringContaining(remedy) },
  });
  expect(error.cause).toMatchObject({ message: `SQLite failed with ${number}: why` });
});

test.each([
  'too many SQL variables',
  'too many columns in result set',
  'too many terms in ORDER BY clause',
  'at most 64 tables in a join',
  'Expression tree is too large (maximum depth 1000)',
])('%s means that the request is too large', (message) => {
  expect(sqliteError({ code: 1, message }, 'state.db')).toMatchObject({
    code: 'INPUT_INVALID',
    detail: { field: 'request', value: message, remedy: expect.stringContaining('split the request') },
  });
});
