import { expect, test } from 'vitest';
import { adminSignIn, openDoor } from './sign-in.ts';

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const door = adminSignIn('a-long-secret');

test.each([
  ['a bearer token', 'Bearer a-long-secret', 'admin'],
  ['a bearer token in other case', 'bearer a-long-secret', 'admin'],
  ['a password', basic('ada', 'a-long-secret'), 'ada'],
])('%s is known', (_case, header, name) => {
  expect(door.identify(header)).toMatchObject({ name });
});

test.each([
  ['nothing', undefined],
  ['an empty header', ''],
  ['a wrong token', 'Bearer a-long-secret2'],
  ['the start of the token', 'Bearer a-long'],
  ['a wrong password', basic('ada', 'nope')],
  ['no password', `Basic ${Buffer.from('a-long-secret').toString('base64')}`],
  ['another scheme', 'Digest a-long-secret'],
])('%s is nobody', (_case, header) => {
  expect(door.identify(header)).toBeUndefined();
});

test('a password may hold colons', () => {
  expect(adminSignIn('a:b:c').identify(basic('ada', 'a:b:c'))?.name).toBe('ada');
});

test('on this machine alone everyone is the owner', () => {
  expect(openDoor.identify(undefined)?.may('manage')).toBe(true);
});
