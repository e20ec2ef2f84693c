import { randomUUID } from 'node:crypto';
import { readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createFolders } from '../../data/create-folders.ts';
import { digestOf } from '../../kernel/digest.ts';
import { leadToSelf, type Self } from './externals.ts';

export interface ImportOptions {
  /** The folder for modules to import. */
  readonly moduleFolder: string;
  readonly self: Self;
}

export type Namespace = Readonly<Record<string, unknown>>;

/** Imports a module given as text. Its file is named by its digest: the same text is the same module in a process. */
export async function importText(text: string, options: ImportOptions): Promise<Namespace> {
  const address = await writeModule(text, options);
  // An error thrown inside names the user's file and line.
  process.setSourceMapsEnabled(true);
  return (await import(/* @vite-ignore */ address)) as Namespace;
}

/** Writes a module given as text. @returns its address, to import it in a thread */
export async function writeModule(text: string, { moduleFolder, self }: ImportOptions): Promise<string> {
  const led = leadToSelf(text, self);
  const path = join(moduleFolder, `${digestOf(led)}.mjs`);
  if ((await readFile(path, 'utf8').catch(() => undefined)) !== led) await writeWhole(path, led);
  return pathToFileURL(await realpath(path)).href;
}

async function writeWhole(path: string, text: string): Promise<void> {
  const unfinished = `${path}.${randomUUID()}`;
  await createFolders(join(path, '..'), 0o700);
  await writeFile(unfinished, text, { mode: 0o600 });
  await rename(unfinished, path);
}
