import { existsSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { digestOf } from '../../kernel/digest.ts';
import { type Self, withOurs } from './externals.ts';

/** Imports a module given as text. It is written under its own digest, so the same text is the same module in this process. */
export async function importText(
  text: string,
  { moduleFolder, self }: { readonly moduleFolder: string; readonly self: Self },
): Promise<Readonly<Record<string, unknown>>> {
  const led = withOurs(text, self);
  const path = join(moduleFolder, `${digestOf(led).slice(0, 32)}.mjs`);
  if (!existsSync(path)) {
    await mkdir(moduleFolder, { recursive: true });
    const unfinished = `${path}.${process.pid}`;
    await writeFile(unfinished, led);
    await rename(unfinished, path);
  }
  return (await import(pathToFileURL(path).href)) as Readonly<Record<string, unknown>>;
}
