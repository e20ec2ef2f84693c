import { expect, test } from 'vitest';
import { type Actor, adminSignIn, firstOf, allowAnonymous, type SignIn } from './sign-in.ts';

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
const door = adminSignIn('a-long-secret');

test.each([
  ['a bearer token', 'Bearer a-long-secret', 'admin'],
  ['a bearer token in other case', 'bearer a-long-secret', 'admin'],
  ['a password', basic('ada', 'a-long-secret'), 'ada'],
])('%s is known', (_case, header, name) => {
  expect(door.identify({ authorization: header })).toMatchObject({ name });
});

test.each([
  ['nothing', undefined],
  ['an empty header', ''],
  ['a wrong token', 'Bearer a-long-secret2'],
  ['the start of the token', 'Bearer a-long'],
  ['the token in capitals', 'Bearer A-LONG-SECRET'],
  ['the token and more', 'Bearer a-long-secret, Bearer x'],
  ['the token alone', 'a-long-secret'],
  ['a scheme alone', 'Bearer '],
  ['a password that is not encoded', 'Basic a-long-secret'],
  ['an empty password', basic('admin', '')],
  ['a wrong password', basic('ada', 'nope')],
  ['no password', `Basic ${Buffer.from('a-long-secret').toString('base64')}`],
  ['another scheme', 'Digest a-long-secret'],
])('%s is nobody', (_case, header) => {
  expect(door.identify({ authorization: header })).toBeUndefined();
});

test('a password may hold colons', () => {
  const authorization = basic('ada', 'a:b:c');
  expect(adminSignIn('a:b:c').identify({ authorization })).toMatchObject({ name: 'ada' });
});

test('on this machine alone everyone may do everything, and has no name', async () => {
  const actor = await allowAnonymous.identify({});
  expect([actor?.may('manage'), actor?.name]).toEqual([true, undefined]);
});

test('the first that knows a caller says who it is, and the last how to sign in', async () => {
  const signInAs = (name: string, authorization: string): SignIn => ({
    challenge: name,
    identify: async (given) =>
      given.authorization === authorization ? ({ name, may: () => true } satisfies Actor) : undefined,
  });
  const both = firstOf([signInAs('one', 'a'), signInAs('two', 'b')]);
  const names = ['a', 'b', 'c'].map(async (authorization) => (await both.identify({ authorization }))?.name);
  expect(await Promise.all(names)).toEqual(['one', 'two', undefined]);
  expect(both.challenge).toBe('two');
});
