import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { PlatformError } from '../../../kernel/errors.ts';
import type { JsonObject } from '../../../kernel/json.ts';
import { fromBigInts } from '../exact-numbers.ts';
import type { KeyValue } from '../../../tracking/model.ts';

/** The names of the folders in a folder; none where it does not exist. */
export async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ifAbsent);
  return (entries ?? []).flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).toSorted();
}

/** Reads 'meta.yaml' of a folder; undefined without one. @throws PlatformError SOURCE_UNREADABLE for invalid YAML */
export async function metaIn(folder: string): Promise<JsonObject | undefined> {
  const path = join(folder, 'meta.yaml');
  const text = await readFile(path, 'utf8').catch(ifAbsent);
  if (text === undefined) return undefined;
  try {
    return fromBigInts(parse(text, { intAsBigInt: true }) ?? {}) as JsonObject;
  } catch (cause) {
    throw new PlatformError(
      'SOURCE_UNREADABLE',
      { field: 'meta.yaml', value: path, remedy: `It is not valid YAML: ${String(cause)}` },
      { cause },
    );
  }
}

/** The files below a folder as keys and their texts. A key may contain slashes. */
export async function textsIn(folder: string): Promise<readonly KeyValue[]> {
  const keys = await keysIn(folder);
  return Promise.all(keys.map(async (key) => ({ key, value: await readFile(join(folder, key), 'utf8') })));
}

/** The paths of the files below a folder. */
export async function keysIn(folder: string): Promise<readonly string[]> {
  const entries = (await readdir(folder, { withFileTypes: true, recursive: true }).catch(ifAbsent)) ?? [];
  return entries
    .flatMap((entry) =>
      entry.isFile() ? [join(entry.parentPath, entry.name).slice(join(folder, '/').length)] : [],
    )
    .toSorted();
}

function ifAbsent(error: unknown): undefined {
  const { code = '' } = (error ?? {}) as { readonly code?: string };
  if (!['ENOENT', 'ENOTDIR'].includes(code)) throw error;
  return undefined;
}
