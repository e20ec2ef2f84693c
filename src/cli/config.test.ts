import { expect, test } from 'vitest';
import { readConfig } from './config.ts';

test('defaults serve a laptop', () => {
  expect(readConfig({}, {})).toEqual({ port: 4310, project: undefined, state: undefined });
});

test('a flag goes before the environment', () => {
  const env = { MODELYARD_PORT: '5000', MODELYARD_STATE: '/var/state' };
  expect(readConfig({ port: '6000' }, env)).toEqual({ port: 6000, project: undefined, state: '/var/state' });
});

test.each(['', '0x10', '70000', '-1', '80 '])('refuses the port %j and says what to give', (value) => {
  expect(() => readConfig({}, { MODELYARD_PORT: value })).toThrow(
    /MODELYARD_PORT is ".*"\. Give a whole number/,
  );
  expect(() => readConfig({ port: value }, {})).toThrow(/--port is ".*"\. Give a whole number/);
});

test.each([
  [{ state: '' }, {}, '--state'],
  [{}, { MODELYARD_STATE: '' }, 'MODELYARD_STATE'],
  [{ project: '' }, { MODELYARD_PROJECT: '/p' }, '--project'],
  [{}, { MODELYARD_PROJECT: '' }, 'MODELYARD_PROJECT'],
])('refuses a path that is nothing: %j %j', (flags, env, field) => {
  expect(() => readConfig(flags, env)).toThrow(`${field} is "". Give a path, or leave it out.`);
});
