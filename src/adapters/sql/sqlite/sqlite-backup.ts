import { chmod, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { sql, type Kysely } from 'kysely';
import { PlatformError } from '../../../kernel/errors.ts';
import type { Tables } from '../tables.ts';

/**
 * Copies a database whole, with what lies in its log, to a file beside it. The copy has its name only once it is on disk;
 * one that is there from an upgrade that did not come to its end is replaced.
 * @param before the migration that is about to change the tables
 * @returns the copy's path. @throws PlatformError STATE_UNWRITABLE when there is no space for it
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
    const remedy =
      'It is copied before its tables are changed: free as much space as it takes, and try again.';
    throw new PlatformError('STATE_UNWRITABLE', { field: 'backup', value: copy, remedy }, { cause });
  }
}

async function synced(path: string): Promise<void> {
  await using file = await open(path);
  await file.sync();
}
