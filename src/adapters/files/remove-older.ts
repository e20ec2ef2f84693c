import { readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Removes what killed processes left in a folder before a time, in milliseconds since 1970. */
export async function removeOlder(folder: string, before: number): Promise<void> {
  for (const name of await readdir(folder)) {
    const facts = await stat(join(folder, name)).catch(() => undefined);
    if (facts && facts.mtimeMs < before) await rm(join(folder, name), { recursive: true, force: true });
  }
}
