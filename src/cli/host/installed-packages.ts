import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { digestOf } from '../../kernel/digest.ts';

const manifest = z.object({
  version: z.string().optional(),
  dependencies: z.record(z.string(), z.string()).optional(),
});
type Manifest = z.infer<typeof manifest>;

/** The versions of the packages whose files a project's code includes, and of those that Modelyard uses, by name. */
export async function installedPackages(files: Iterable<string>): Promise<Readonly<Record<string, string>>> {
  const folders = new Set([...files].flatMap((file) => packageFolder(file) ?? []));
  const found = new Map(await modelyardPackages());
  for (const folder of [...folders].toSorted()) {
    const { version } = (await readManifest(folder)) ?? {};
    const name = nameOf(folder);
    const before = found.get(name);
    if (version !== undefined && before !== version)
      found.set(name, before === undefined ? version : `${before}, ${version}`);
  }
  return Object.fromEntries([...found].toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

const lockFiles = [
  'package-lock.json',
  'npm-shrinkwrap.json',
  'pnpm-lock.yaml',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
] as const;

/** 'package-lock.json 5f3c…': the nearest lock file of a folder or above, and the digest of its bytes. */
export async function lockDigest(folder: string): Promise<string | undefined> {
  for (const each of foldersAbove(folder))
    for (const name of lockFiles) {
      const bytes = await readFile(join(each, name)).catch(() => undefined);
      if (bytes) return `${name} ${digestOf(bytes)}`;
    }
  return undefined;
}

/** '…/node_modules/@scope/name/index.js' is in '…/node_modules/@scope/name'. */
function packageFolder(file: string): string | undefined {
  return /^(.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/.exec(file)?.[1];
}

function nameOf(folder: string): string {
  return (
    folder
      .split(/[\\/]node_modules[\\/]/)
      .at(-1)
      ?.replaceAll('\\', '/') ?? folder
  );
}

let ofModelyard: Promise<ReadonlyMap<string, string>> | undefined;

/** They do not change while the process runs. */
function modelyardPackages(): Promise<ReadonlyMap<string, string>> {
  ofModelyard ??= readModelyardPackages();
  return ofModelyard;
}

async function readModelyardPackages(): Promise<ReadonlyMap<string, string>> {
  const root = dirname(fileURLToPath(new URL('../../../package.json', import.meta.url)));
  const { version, dependencies = {} } = (await readManifest(root)) ?? {};
  const found = new Map(version === undefined ? [] : [['modelyard', version]]);
  for (const name of Object.keys(dependencies))
    for (const folder of foldersAbove(root)) {
      const installed = await readManifest(join(folder, 'node_modules', name));
      if (installed?.version === undefined) continue;
      found.set(name, installed.version);
      break;
    }
  return found;
}

async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return manifest.safeParse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function foldersAbove(folder: string): readonly string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...foldersAbove(parent)];
}
