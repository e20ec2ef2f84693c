import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { digestOf } from '../../kernel/digest.ts';
import { type Diagnostic, parseDiagnostics, parseFiles } from './diagnostics.ts';
import { type Compiler, findCompiler } from './find-compiler.ts';
import { findStored, storeChecked } from './checked-types.ts';
import { configFiles } from './config-files.ts';

export interface TypesToCheck {
  readonly configPath: string;
  /** The project's folder. */
  readonly folder: string;
  /** The files that the project was loaded from. */
  readonly files: readonly string[];
  /** Where the result lies. */
  readonly cacheFolder: string;
}

export interface CheckedTypes {
  readonly errors: readonly Diagnostic[];
  /** The project's files that the compiler read, those of types alone and of its settings included. */
  readonly files: readonly string[];
}

/** In milliseconds. */
const longestCheck = 120_000;

/**
 * Checks the types of the modules that a project file imports, with the compiler and the tsconfig.json beside it; declaration
 * files in the project's folder count too. A result without errors is stored, and used again while the files have the same
 * content. Undefined without a compiler, and for a project in JavaScript.
 */
export async function checkTypes(project: TypesToCheck): Promise<CheckedTypes | undefined> {
  const compiler = compilerOf(project);
  if (!compiler) return undefined;
  const configs = configFiles(compiler.tsconfig);
  const cache = {
    path: join(project.cacheFolder, 'types', 'checked.json'),
    setup: digestOf(JSON.stringify([setupFormat, compiler, project.configPath])),
    inputs: [...configs, ...project.files],
  };
  const stored = await findStored(cache);
  if (stored) return stored;
  const startedAt = Date.now();
  const output = await compile(compiler, project);
  const read = parseFiles(output);
  const checked = {
    errors: errorsIn(output, project),
    files: [...configs.filter((file) => !isInstalled(file)), ...read.filter((file) => isOwn(file, project))],
  };
  // What a mistake lacks can be a file that no check has read: a package of types, a declaration of a global name.
  if (checked.errors.length === 0) await storeChecked(cache, checked, { read, startedAt });
  return checked;
}

/** Raise it when other options are given to the compiler. */
const setupFormat = 2;

/** Undefined for a project that cannot be checked. */
function compilerOf({ folder, configPath }: TypesToCheck): Compiler | undefined {
  const found = findCompiler(folder);
  return isTypeScript(configPath) && !('missing' in found) ? found : undefined;
}

/** Why the types of a project are not checked; undefined if they are, or if it has none. */
export function typesNotChecked({ folder, configPath }: TypesToCheck): string | undefined {
  const found = findCompiler(folder);
  return isTypeScript(configPath) && 'missing' in found ? found.missing : undefined;
}

function isTypeScript(path: string): boolean {
  return /\.[cm]?tsx?$/.test(path);
}

async function compile(
  compiler: Compiler,
  { configPath, folder, cacheFolder }: TypesToCheck,
): Promise<string> {
  const ours = join(cacheFolder, 'types');
  await mkdir(ours, { recursive: true });
  const isInside = !relative(folder, ours).startsWith('..');
  const config = {
    extends: compiler.tsconfig,
    files: [configPath],
    include: [join(folder, '**', '*.d.ts').replaceAll('\\', '/')],
    references: [],
    compilerOptions: { ...givenOptions, ...(!isInside && { typeRoots: typeRootsOf(folder) }) },
  };
  const path = join(ours, 'tsconfig.json');
  await writeFile(path, JSON.stringify(config));
  const args = [compiler.script, '--project', path, '--pretty', 'false', '--listFiles'];
  return new Promise((resolveOutput, reject) => {
    execFile(
      process.execPath,
      args,
      { cwd: folder, timeout: longestCheck, maxBuffer: 64e6 },
      (error, stdout, stderr) => {
        // The compiler ends with 1 or 2 if it found mistakes.
        if (error && parseDiagnostics(stdout).length === 0)
          reject(new Error(`tsc of TypeScript ${compiler.version}: ${stderr.trim() || error.message}`));
        else resolveOutput(stdout);
      },
    );
  });
}

/**
 * Whatever tsconfig.json says: nothing is written, and what has no effect on a run is no error. Every check reads all files:
 * an incremental one does not check the files that use a changed global declaration.
 */
const givenOptions = {
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  incremental: false,
  composite: false,
  declaration: false,
  declarationMap: false,
  emitDeclarationOnly: false,
  isolatedDeclarations: false,
  noUnusedLocals: false,
  noUnusedParameters: false,
};

/** The compiler looks for them above its configuration, which is elsewhere. */
function typeRootsOf(folder: string): readonly string[] {
  const roots: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    roots.push(join(at, 'node_modules', '@types'));
    if (at === dirname(at)) return roots;
  }
}

/** Errors of the project's own files and of its tsconfig.json, each once. */
function errorsIn(output: string, project: TypesToCheck): readonly Diagnostic[] {
  return parseDiagnostics(output).filter(
    ({ file }) => file === undefined || isOwn(resolve(project.folder, file), project),
  );
}

function isOwn(file: string, { folder, files }: TypesToCheck): boolean {
  if (files.includes(file)) return true;
  const inFolder = relative(folder, file);
  return !inFolder.startsWith('..') && !isAbsolute(inFolder) && !isInstalled(inFolder);
}

function isInstalled(file: string): boolean {
  return /(?:^|[\\/])node_modules[\\/]/.test(file);
}
