import type { Actor } from './sign-in.ts';
import { mayAs, type Role, roles } from './roles.ts';

/** An issuer's claims about a person: the payload of a token. */
export type Claims = Readonly<Record<string, unknown>>;

/** Which roles the values of a claim give. */
export interface RoleRule {
  /** 'groups', or a path of names: 'realm_access.roles'. */
  readonly claim: string;
  /** By value of the claim; '*' is everybody whom the issuer knows. */
  readonly roles: ReadonlyMap<string, Role>;
}

/** The person who signed in. */
export interface Identity {
  readonly name: string;
  /** Identifies the account, by issuer and subject: two accounts may show one name. */
  readonly key: string;
  readonly roles: readonly Role[];
}

/** Names that the server itself writes into histories: no person may have them. */
const ownNames = new Set(['admin', 'owner', 'gate', 'a client of mlflow']);
const longestName = 200;
/** Control characters, and characters that are invisible or change the text direction. */
const unseen = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** The verified e-mail address, else the user name, else the subject. */
export function identityOf(claims: Claims, rule: RoleRule): Identity {
  const values = new Set(['*', ...textsIn(claimAt(claims, rule.claim))]);
  const held = new Set([...rule.roles].filter(([value]) => values.has(value)).map(([, role]) => role));
  return { name: nameOf(claims), key: keyOf(claims), roles: roles.filter((role) => held.has(role)) };
}

export function actorOf({ name, key, roles: held }: Identity): Actor {
  return { name, key, roles: held, may: mayAs(held) };
}

function keyOf({ iss, sub }: Claims): string {
  return `account ${JSON.stringify([iss, sub])}`;
}

/** The value of a claim; its full name is tried before a path, since claim names are often URLs with dots. */
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
  const email = claims['email_verified'] === true ? claims['email'] : undefined;
  const names = [email, claims['preferred_username'], claims['sub']].map(plain);
  return names.find((name) => name !== '' && !ownNames.has(name.toLowerCase())) ?? 'someone';
}

function plain(value: unknown): string {
  return typeof value === 'string' ? value.replaceAll(unseen, '').trim().slice(0, longestName) : '';
}
