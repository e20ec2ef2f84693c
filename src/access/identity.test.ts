import { expect, test } from 'vitest';
import { actorOf, claimAt, type Claims, identityOf, type RoleRule } from './identity.ts';
import { isRole, type Role, roles } from './roles.ts';

const ruleOf = (pairs: Readonly<Record<string, Role>>, claim = 'groups'): RoleRule => ({
  claim,
  roles: new Map(Object.entries(pairs)),
});
const rule = ruleOf({ leads: 'maintainer', data: 'contributor', ops: 'contributor' });

test.each<[unknown, readonly Role[]]>([
  [['data'], ['contributor']],
  ['data', ['contributor']],
  [
    ['ops', 'leads', 'data', 'other'],
    ['contributor', 'maintainer'],
  ],
  [[], []],
  [undefined, []],
  [['Data', 'data ', '*'], []],
  [[{ data: true }, 7, null], []],
  [['__proto__', 'constructor', 'toString'], []],
  [{ data: 'data' }, []],
])('groups %j are the roles %j', (groups, held) => {
  expect(identityOf({ sub: 'ada', groups }, rule).roles).toEqual(held);
});

test('a rule may give everyone whom the issuer knows a role', () => {
  const everyone = ruleOf({ '*': 'viewer', leads: 'admin' });
  expect(identityOf({ sub: 'ada' }, everyone).roles).toEqual(['viewer']);
  expect(identityOf({ sub: 'ada', groups: ['leads'] }, everyone).roles).toEqual(['viewer', 'admin']);
});

test('a claim is found by its whole name, else by its path', () => {
  const claims = { realm_access: { roles: ['a'] }, 'https://example.org/groups': ['b'] };
  expect(claimAt(claims, 'realm_access.roles')).toEqual(['a']);
  expect(claimAt(claims, 'https://example.org/groups')).toEqual(['b']);
  for (const path of ['realm_access.none', 'none.roles', '__proto__', 'realm_access.constructor', ''])
    expect([path, claimAt(claims, path)]).toEqual([path, undefined]);
});

test.each([
  [
    { email: 'ada@example.org', email_verified: true, preferred_username: 'ada', sub: '7' },
    'ada@example.org',
  ],
  [{ email: 'eve@example.org', preferred_username: 'eve', sub: '7' }, 'eve'],
  [{ email: 'eve@example.org', email_verified: 'true', preferred_username: 'eve', sub: '7' }, 'eve'],
  [{ email: 'eve@example.org', email_verified: false, preferred_username: 'eve', sub: '7' }, 'eve'],
  [{ preferred_username: 'gate', sub: '7' }, '7'],
  [{ email: 'Admin', email_verified: true, preferred_username: 'OWNER', sub: '7' }, '7'],
  [{ preferred_username: 'a client of MLflow', sub: '7' }, '7'],
  [{ preferred_username: 'ga\u200bte', sub: '7' }, '7'],
  [{ preferred_username: 'ada\u202e\r\n\u0000', sub: '7' }, 'ada'],
  [{ preferred_username: 'x'.repeat(300), sub: '7' }, 'x'.repeat(200)],
  [{ email: 7, email_verified: true, sub: '7' }, '7'],
  [{ sub: 'gate' }, 'someone'],
])('%j is called %s', (claims, name) => {
  expect(identityOf(claims, rule).name).toBe(name);
});

test('an account is its issuer and subject, whatever name it shows', () => {
  const keyOf = (claims: Claims): string | undefined => actorOf(identityOf(claims, rule)).key;
  const ada = { iss: 'https://a.example', sub: 'u1', email: 'ada@example.org', email_verified: true };
  const others = [
    { ...ada, sub: 'u2' },
    { iss: ada.iss, sub: 'u2', preferred_username: ada.email },
    { ...ada, iss: 'https://b.example' },
  ];
  for (const other of others) {
    expect(identityOf(other, rule).name).toBe(identityOf(ada, rule).name);
    expect(keyOf(other)).not.toBe(keyOf(ada));
  }
  expect(keyOf({ ...ada, email: 'ada@new.example' })).toBe(keyOf(ada));
});

test('each role may do what is its own, and without a role one may do nothing', () => {
  const permissions = ['read', 'predict', 'write', 'run', 'deploy', 'delete', 'manage'] as const;
  const mayOf = (held: readonly Role[]): string => {
    const { may } = actorOf({ name: 'ada', key: 'a', roles: held });
    return permissions.filter((each) => may(each)).join(' ');
  };
  expect(Object.fromEntries(roles.map((role) => [role, mayOf([role])]))).toEqual({
    viewer: 'read',
    predictor: 'predict',
    contributor: 'read predict write run',
    deployer: 'read predict deploy',
    maintainer: 'read predict write run deploy delete',
    admin: 'read predict write run deploy delete manage',
  });
  expect(mayOf([])).toBe('');
  expect(mayOf(['viewer', 'deployer'])).toBe('read predict deploy');
  expect(['toString', '__proto__', 'Admin', ''].filter(isRole)).toEqual([]);
});
