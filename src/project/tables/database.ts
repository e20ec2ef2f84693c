import type { Secret } from '../secret.ts';

/** A database that a project reads or writes. */
export type Database =
  | { readonly kind: 'database'; readonly dialect: 'postgres'; readonly url: Secret }
  | { readonly kind: 'database'; readonly dialect: 'sqlite'; readonly path: string };

/** @example postgres(secret('DATABASE_URL')) */
export function postgres(url: Secret): Database {
  return { kind: 'database', dialect: 'postgres', url };
}

/** @param path of the file, from the project's folder. @example sqlite('games.db') */
export function sqlite(path: string): Database {
  return { kind: 'database', dialect: 'sqlite', path };
}
