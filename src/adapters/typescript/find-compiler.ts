import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What the check of a project's types needs. */
export interface Compiler {
  /** The script of `tsc`. */
  readonly script: string;
  readonly version: string;
  readonly tsconfig: string;
}

/** Why the types of a project cannot be checked, and what to do about it. */
export interface NoCompiler {
  readonly missing: string;
}

/** The TypeScript compiler and the tsconfig.json in the folder of a project or above. */
export function findCompiler(folder: string): Compiler | NoCompiler {
  const manifest = findAbove(folder, join('node_modules', 'typescript', 'package.json'));
  const { version, bin } = manifest === undefined ? {} : readManifest(manifest);
  const tsc = typeof bin === 'object' ? bin['tsc'] : undefined;
  if (manifest === undefined || version === undefined || tsc === undefined)
    return {
      missing:
        'Types are not checked, so a misspelt column would be a missing value: `npm install --save-dev typescript` checks them.',
    };
  const tsconfig = findAbove(folder, 'tsconfig.json');
  if (tsconfig === undefined)
    return {
      missing:
        'Types are not checked, so a misspelt column would be a missing value: `npx tsc --init` writes the tsconfig.json that the check needs.',
    };
  if (!hasOurTypes(folder))
    return {
      missing: 'Types are not checked: `npm install` installs modelyard, whose types the project needs.',
    };
  return { script: join(dirname(manifest), tsc), version, tsconfig };
}

/** Whether the compiler finds Modelyard's types: installed, or as the package that the project is part of. */
function hasOurTypes(folder: string): boolean {
  const installed = findAbove(folder, join('node_modules', 'modelyard', 'package.json'));
  if (installed !== undefined) return existsSync(join(dirname(installed), 'dist', 'index.d.ts'));
  const enclosing = findAbove(folder, 'package.json');
  return enclosing !== undefined && readManifest(enclosing).name === 'modelyard';
}

/** A file in a folder, or in the nearest one above that has it. */
function findAbove(folder: string, name: string): string | undefined {
  for (let at = folder; ; at = dirname(at)) {
    const path = join(at, name);
    if (existsSync(path)) return path;
    if (at === dirname(at)) return undefined;
  }
}

interface Manifest {
  readonly name?: string;
  readonly version?: string;
  readonly bin?: string | Readonly<Record<string, string>>;
}

function readManifest(path: string): Manifest {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest;
  } catch {
    return {};
  }
}
