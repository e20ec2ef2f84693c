import type { Actor } from './sign-in.ts';
import { mayAs, type Role, roles } from './roles.ts';

/** What an issuer says of someone: the payload of a token. */
export type Claims = Readonly<Record<string, unknown>>;

/** Which roles the values of a claim stand for. */
export interface RoleRule {
  /** 'groups', or a path of names: 'realm_access.roles'. */
  readonly claim: string;
  /** By value of the claim; '*' is everyone whom the issuer knows. */
  readonly roles: ReadonlyMap<string, Role>;
}

/** Who signed in, as far as this server needs to know. */
export interface Identity {
  readonly name: string;
  readonly roles: readonly Role[];
}

/** Names that the server itself puts into histories: nobody else may be called so. */
const ownNames = new Set(['admin', 'owner', 'gate', 'a client of mlflow']);
const longestName = 200;
/** Controls, and marks that are not seen or turn the direction of what follows. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A person is called by their checked e-mail address, else by their user name, else as the issuer numbers them. */
export function identityOf(claims: Claims, rule: RoleRule): Identity {
  const values = new Set(['*', ...textsIn(claimAt(claims, rule.claim))]);
  const held = new Set([...rule.roles].filter(([value]) => values.has(value)).map(([, role]) => role));
  return { name: nameOf(claims), roles: roles.filter((role) => held.has(role)) };
}

export function actorOf({ name, roles: held }: Identity): Actor {
  return { name, key: `account ${name}`, roles: held, may: mayAs(held) };
}

/** The value of a claim; its whole name goes before a path, since names of claims are often addresses with dots. */
export function claimAt(claims: Claims, path: string): unknown {
  if (Object.hasOwn(claims, path)) return claims[path];
  let found: unknown = claims;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = (found as Claims)[name];
  }
  return found;
}

function textsIn(value: unknown): readonly string[] {
  const values: readonly unknown[] = Array.isArray(value) ? value : [value];
  return values.filter((each) => typeof each === 'string');
}

function nameOf(claims: Claims): string {
  const email = claims['email_verified'] === false ? undefined : claims['email'];
  const names = [email, claims['preferred_username'], claims['sub']].map(plain);
  return names.find((name) => name !== '' && !ownNames.has(name.toLowerCase())) ?? 'someone';
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(unseen, '').trim().slice(0, longestName) : '';
}
