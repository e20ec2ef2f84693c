import { chmod, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { Tables } from '../tables.ts';

/**
 * Copies a database, including its write-ahead log, to a file beside it. The copy gets its name once it is on disk and
 * replaces the copy of an interrupted upgrade.
 * @param before the migration that is about to change the tables
 * @returns the path of the copy. @throws PlatformError STATE_UNWRITABLE if there is no space for it
 */
export async function backUp(
  kysely: Kysely<Tables>,
  { path, before }: { readonly path: string; readonly before: string },
): Promise<string> {
  const copy = `${path}.before-${before}`;
  const unfinished = `${copy}.part`;
  try {
    await rm(unfinished, { force: true });
    await sql`vacuum into ${unfinished}`.execute(kysely);
    await chmod(unfinished, 0o600);
    await synced(unfinished);
    await rename(unfinished, copy);
    await synced(dirname(copy));
    return copy;
  } catch (cause) {
    if (cause instanceof PlatformError && cause.code === 'STATE_DAMAGED') throw cause;
    await rm(unfinished, { force: true });
    const remedy = 'The upgrade copies the database first: free as much space as it takes, and try again.';
    throw new PlatformError('STATE_UNWRITABLE', { field: 'backup', value: copy, remedy }, { cause });
  }
}

async function synced(path: string): Promise<void> {
  await using file = await open(path);
  await file.sync();
}
