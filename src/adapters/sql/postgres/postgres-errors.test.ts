import { DatabaseError } from 'pg';
import { expect, test } from 'vitest';
import { postgresError, sqlState } from './postgres-errors.ts';

const masked = 'postgres://ann@db/models';

test.each([
  ['08006', 'NOT_READY', 'does not answer'],
  ['57P01', 'NOT_READY', 'does not answer'],
  ['57P03', 'NOT_READY', 'does not answer'],
  ['53300', 'NOT_READY', 'max_connections'],
  ['28P01', 'CONFIG_INVALID', 'password'],
  ['28000', 'CONFIG_INVALID', 'pg_hba.conf'],
  ['3D000', 'CONFIG_INVALID', 'create it'],
  ['42501', 'CONFIG_INVALID', 'grant it'],
  ['25006', 'STATE_UNWRITABLE', 'primary'],
  ['53100', 'STATE_UNWRITABLE', 'free some space'],
  ['58030', 'STATE_UNWRITABLE', 'free some space'],
  ['40001', 'STATE_LOCKED', 'try again'],
  ['40P01', 'STATE_LOCKED', 'try again'],
  ['55P03', 'STATE_LOCKED', 'try again'],
  ['XX001', 'STATE_DAMAGED', 'backup'],
  ['22003', 'INPUT_INVALID', 'PostgreSQL answered 22003: why'],
  ['54000', 'INPUT_INVALID', 'PostgreSQL answered 54000: why'],
  ['23505', 'INTERNAL', 'PostgreSQL answered 23505: why'],
])('SQLSTATE %s means %s', (state, code, remedy) => {
  const error = postgresError(databaseError(state), masked);
  expect(error).toMatchObject({ code, detail: { value: masked, remedy: expect.stringContaining(remedy) } });
  expect(sqlState(error)).toBe(state);
});

test.each([
  [Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' }), 'NOT_READY', 'start it'],
  [new Error('Connection terminated unexpectedly'), 'NOT_READY', 'start it'],
  [new Error('timeout exceeded when trying to connect'), 'NOT_READY', 'in use'],
  [
    new Error('SASL: SCRAM-SERVER-FIRST-MESSAGE: client password must be a string'),
    'CONFIG_INVALID',
    'password',
  ],
  [new Error('The server does not support SSL connections'), 'CONFIG_INVALID', 'sslmode'],
  [Object.assign(new Error('no'), { code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }), 'CONFIG_INVALID', 'sslrootcert'],
  [Object.assign(new Error('no'), { code: 'ENOENT', syscall: 'open' }), 'CONFIG_INVALID', 'sslrootcert'],
])('%s without a SQLSTATE means %s', (failure, code, remedy) => {
  const error = postgresError(failure, masked);
  expect(error).toMatchObject({ code, detail: { remedy: expect.stringContaining(remedy) } });
  expect(error.cause).toBe(failure);
  expect(sqlState(error)).toBeUndefined();
});

function databaseError(state: string): DatabaseError {
  const error = new DatabaseError('why', 3, 'error');
  error.code = state;
  return error;
}
