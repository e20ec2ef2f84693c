import { isRole, type Role, roles } from '../../access/roles.ts';
import { PlatformError } from '../../kernel/errors.ts';
import { isLoopback } from '../../kernel/loopback.ts';

/** How people sign in who have an account elsewhere. */
export interface OidcConfig {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string | undefined;
  /** Of bearer tokens. */
  readonly audience: string;
  /** The claim that tells roles. */
  readonly claim: string;
  readonly roles: ReadonlyMap<string, Role>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** Undefined where no issuer is named. @throws PlatformError CONFIG_INVALID */
export function readOidc(env: Environment): OidcConfig | undefined {
  const read = (name: string): string | undefined => env[`MODELYARD_OIDC_${name}`] || undefined;
  const issuer = read('ISSUER');
  const clientId = read('CLIENT_ID');
  if (issuer === undefined) {
    const name = Object.keys(env).find((each) => each.startsWith('MODELYARD_OIDC_') && env[each]);
    if (name === undefined) return undefined;
    throw wrong(
      'MODELYARD_OIDC_ISSUER',
      undefined,
      `Name the issuer that ${name} is for, or leave that out.`,
    );
  }
  if (clientId === undefined)
    throw wrong('MODELYARD_OIDC_CLIENT_ID', undefined, 'Give the id by which the issuer knows this server.');
  return {
    issuer: readSecureUrl('MODELYARD_OIDC_ISSUER', issuer).replace(/\/$/, ''),
    clientId,
    clientSecret: read('CLIENT_SECRET'),
    audience: read('AUDIENCE') ?? clientId,
    claim: read('CLAIM') ?? 'groups',
    roles: readRoles(read('ROLES')),
  };
}

/** Scheme, host and port; undefined where none is named. @throws PlatformError CONFIG_INVALID */
export function readPublicUrl(env: Environment): string | undefined {
  const field = 'MODELYARD_PUBLIC_URL';
  const value = env[field] || undefined;
  if (value === undefined) return undefined;
  const { origin, href } = new URL(readSecureUrl(field, value));
  if (href === `${origin}/`) return origin;
  throw wrong(field, value, 'Give it without a path: the server answers at the root of its address.');
}

/** What is said to and by such an address must not be read or changed on the way. */
function readSecureUrl(field: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  const local = url?.protocol === 'http:' && isLoopback(url.hostname);
  const plain = url?.username === '' && url.password === '' && url.search === '' && url.hash === '';
  if (plain && (url.protocol === 'https:' || local)) return value;
  throw wrong(
    field,
    plain ? value : 'no such address',
    'Give an https address, or an http one of this machine.',
  );
}

/** 'ml-admins=admin, data=contributor', or the same as a JSON object for values that hold a comma. */
function readRoles(text: string | undefined): ReadonlyMap<string, Role> {
  if (text === undefined) return new Map();
  const pairs = text.trimStart().startsWith('{') ? pairsOfJson(text) : text.split(',').map(pairOf);
  return new Map(pairs.map(([value, role]) => [value, checkedRole(role)]));
}

function pairOf(text: string): readonly [string, string] {
  const at = text.lastIndexOf('=');
  const value = text.slice(0, at).trim();
  if (at > 0 && value !== '') return [value, text.slice(at + 1).trim()];
  throw wrong(
    'MODELYARD_OIDC_ROLES',
    text,
    'Write value=role, with commas between: ml-team=contributor,*=viewer.',
  );
}

function pairsOfJson(text: string): readonly (readonly [string, string])[] {
  try {
    return Object.entries(JSON.parse(text) as object).map(([value, role]) => [value, String(role)]);
  } catch {
    throw wrong('MODELYARD_OIDC_ROLES', text, 'must be value=role pairs with commas, or a valid JSON object');
  }
}

function checkedRole(role: string): Role {
  if (isRole(role)) return role;
  throw wrong('MODELYARD_OIDC_ROLES', role, `The roles are ${roles.join(', ')}.`);
}

function wrong(field: string, value: unknown, remedy: string): PlatformError {
  return new PlatformError('CONFIG_INVALID', { field, value, remedy });
}
