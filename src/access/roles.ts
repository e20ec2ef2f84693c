import type { Permission } from './permission.ts';

const permissionsOf = {
  viewer: ['read'],
  predictor: ['predict'],
  contributor: ['read', 'predict', 'write', 'run'],
  deployer: ['read', 'predict', 'deploy'],
  maintainer: ['read', 'predict', 'write', 'run', 'deploy', 'delete'],
  admin: ['read', 'predict', 'write', 'run', 'deploy', 'delete', 'manage'],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

/** A person's role on this server. `contributor` logs and trains, `deployer` moves aliases, `maintainer` does both. */
export type Role = keyof typeof permissionsOf;

/** From the least to the most. */
export const roles = Object.keys(permissionsOf) as readonly Role[];

export function isRole(text: string): text is Role {
  return Object.hasOwn(permissionsOf, text);
}

/** The permissions of a person with all these roles; none without a role. */
export function mayAs(held: readonly Role[]): (permission: Permission) => boolean {
  const allowed = new Set<Permission>(held.flatMap((role) => permissionsOf[role]));
  return (permission) => allowed.has(permission);
}
