import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const manifest = fileURLToPath(new URL('../../../package.json', import.meta.url));

/** The version of this package, from the package.json above source and build alike. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as {
    readonly version: string;
  };
  return version;
}

export interface Clone {
  readonly folder: string;
  /** Whether the commands of the package run: `npm run build` makes them. */
  readonly isBuilt: boolean;
}

/** The folder of this package, if it is a clone of the repository: an installed package has no source. */
export function findClone(folder = dirname(manifest)): Clone | undefined {
  if (basename(dirname(folder)) === 'node_modules') return undefined;
  if (!['.git', 'src'].some((name) => existsSync(join(folder, name)))) return undefined;
  return { folder, isBuilt: existsSync(join(folder, 'dist', 'cli', 'main.js')) };
}
