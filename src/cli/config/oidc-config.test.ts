import { expect, test } from 'vitest';
import { readServerConfig } from './config.ts';
import { readOidc, readPublicUrl } from './oidc-config.ts';

const env = {
  MODELYARD_OIDC_ISSUER: 'https://id.example.org/realms/team/',
  MODELYARD_OIDC_CLIENT_ID: 'modelyard',
};

test('an issuer and a client id are enough; nobody has a role then', () => {
  expect(readOidc({})).toBeUndefined();
  expect(readOidc(env)).toEqual({
    issuer: 'https://id.example.org/realms/team',
    clientId: 'modelyard',
    clientSecret: undefined,
    audience: 'modelyard',
    claim: 'groups',
    roles: new Map(),
  });
});

test('roles are pairs, or an object for values with commas', () => {
  const rolesOf = (text: string): unknown => readOidc({ ...env, MODELYARD_OIDC_ROLES: text })?.roles;
  expect(rolesOf('leads=admin, data = contributor ,*=viewer')).toEqual(
    new Map([
      ['leads', 'admin'],
      ['data', 'contributor'],
      ['*', 'viewer'],
    ]),
  );
  expect(rolesOf('{"cn=ml,ou=teams": "deployer"}')).toEqual(new Map([['cn=ml,ou=teams', 'deployer']]));
  expect(rolesOf('cn=ml=deployer')).toEqual(new Map([['cn=ml', 'deployer']]));
});

test.each([
  [{ MODELYARD_OIDC_ISSUER: 'https://id.example.org' }, /\(MODELYARD_OIDC_CLIENT_ID: missing/],
  [{ MODELYARD_OIDC_CLIENT_ID: 'modelyard' }, /MODELYARD_OIDC_CLIENT_ID.*\(MODELYARD_OIDC_ISSUER: missing\)/],
  [
    { ...env, MODELYARD_OIDC_ISSUER: 'http://id.example.org' },
    /Give an https.*\(MODELYARD_OIDC_ISSUER: "http/,
  ],
  [{ ...env, MODELYARD_OIDC_ISSUER: 'id.example.org' }, /MODELYARD_OIDC_ISSUER/],
  [{ ...env, MODELYARD_OIDC_ISSUER: 'https://ada:secret@id.example.org' }, /: "no such address"\)/],
  [{ ...env, MODELYARD_OIDC_ISSUER: 'http://127.0.0.1.evil.example' }, /MODELYARD_OIDC_ISSUER/],
  [{ ...env, MODELYARD_OIDC_ROLES: 'data' }, /Write value=role.*\(MODELYARD_OIDC_ROLES: "data"/],
  [{ ...env, MODELYARD_OIDC_ROLES: '=viewer' }, /MODELYARD_OIDC_ROLES/],
  [{ ...env, MODELYARD_OIDC_ROLES: 'data=owner' }, /The roles are viewer,.*: "owner"\)/],
  [{ ...env, MODELYARD_OIDC_ROLES: 'data=toString' }, /The roles are viewer,/],
  [{ ...env, MODELYARD_OIDC_ROLES: '{"data"' }, /a valid JSON object/],
])('%j is refused, and says why', (wrong, says) => {
  expect(() => readOidc(wrong)).toThrow(says);
});

test('browsers come back to a place, which is a whole server', () => {
  const read = (value: string): unknown => readPublicUrl({ MODELYARD_PUBLIC_URL: value });
  expect([read(''), read('https://models.example.org/'), read('http://localhost:4310')]).toEqual([
    undefined,
    'https://models.example.org',
    'http://localhost:4310',
  ]);
  for (const value of ['http://models.example.org', 'https://example.org/models', 'models.example.org'])
    expect(() => read(value)).toThrow(/\(MODELYARD_PUBLIC_URL: /);
});

test('an issuer opens a server to others as a token does, once it is known where browsers come back to', () => {
  const others = { ...env, MODELYARD_HOST: '0.0.0.0' };
  expect(() => readServerConfig({}, others)).toThrow(/\(MODELYARD_PUBLIC_URL: missing/);
  const MODELYARD_PUBLIC_URL = 'https://models.example.org';
  expect(readServerConfig({}, { ...others, MODELYARD_PUBLIC_URL })).toMatchObject({
    adminToken: undefined,
    oidc: { clientId: 'modelyard' },
    hosts: ['models.example.org'],
  });
  expect(readServerConfig({}, env), 'on this machine they come back as they came').toMatchObject({
    publicUrl: undefined,
  });
});
