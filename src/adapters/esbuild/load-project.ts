import { build, type BuildResult } from 'esbuild';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { PlatformError } from '../../kernel/errors.ts';
import { isProject, type Project } from '../../project/define.ts';
import { buildError } from './build-errors.ts';
import { importText } from './import-text.ts';
import type { Self } from './externals.ts';
import { bundleOptions, ownPlaces } from './options.ts';

export interface LoadOptions {
  /** Where modules are written to be imported. */
  readonly moduleFolder: string;
  readonly self: Self;
}

/** A value that a module of the project exports by name. */
export interface NamedExport {
  /** Relative to the project's folder, or the name of a module of ours. */
  readonly module: string;
  readonly name: string;
}

export interface LoadedProject {
  readonly project: Project;
  readonly configPath: string;
  /** The project's own files that were read, absolute. */
  readonly files: readonly string[];
  /** Where each exported function or object is found. */
  readonly exports: ReadonlyMap<unknown, NamedExport>;
}

const libraries = ['modelyard', 'modelyard/sources'] as const;

/**
 * Reads a project file and the modules that it imports.
 * @throws PlatformError PROJECT_INVALID for what cannot be read or is wired wrongly; USER_CODE_FAILED for what throws
 */
export async function loadProject(configPath: string, options: LoadOptions): Promise<LoadedProject> {
  const folder = dirname(resolve(configPath));
  const files = await ownFiles(folder, configPath);
  const entry = [
    `export { default as project } from ${JSON.stringify(`./${relative(folder, configPath)}`)};`,
    ...files.map((file, place) => `export * as m${place} from ${JSON.stringify(`./${relative(folder, file)}`)};`),
    ...libraries.map((library, place) => `export * as l${place} from ${JSON.stringify(library)};`),
  ].join('\n');
  const text = await bundled(folder, { stdin: { contents: entry, resolveDir: folder, sourcefile: 'project', loader: 'js' } });
  const loaded = await importUser(text, folder, options);
  if (!isProject(loaded['project']))
    throw new PlatformError('PROJECT_INVALID', { field: relative(folder, configPath), value: typeof loaded['project'], remedy: 'Its default export must be a project: export default defineProject(…).' });
  const modules = [
    ...files.map((file, place) => [relative(folder, file), loaded[`m${place}`]] as const),
    ...libraries.map((library, place) => [library, loaded[`l${place}`]] as const),
  ];
  return { project: loaded['project'], configPath, files, exports: namedExports(modules) };
}

async function ownFiles(folder: string, configPath: string): Promise<readonly string[]> {
  const read = await building(() => build({ ...bundleOptions(folder), entryPoints: [configPath] }));
  return Object.keys(read.metafile.inputs)
    .filter((input) => !input.includes('node_modules/'))
    .map((input) => (isAbsolute(input) ? input : join(folder, input)))
    .toSorted();
}

async function bundled(folder: string, entry: Parameters<typeof build>[0]): Promise<string> {
  const made = await building(() => build({ ...bundleOptions(folder, [ownPlaces]), ...entry, sourcemap: 'inline', sourceRoot: `${folder}/` }));
  return made.outputFiles[0]?.text ?? '';
}

async function building<Options extends { readonly write: false; readonly metafile: true }>(run: () => Promise<BuildResult<Options>>): Promise<BuildResult<Options>> {
  try {
    return await run();
  } catch (cause) {
    throw buildError(cause);
  }
}

async function importUser(text: string, folder: string, options: LoadOptions): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await importText(text, options);
  } catch (cause) {
    if (cause instanceof PlatformError) throw cause;
    const trace = cause instanceof Error ? (cause.stack ?? '') : '';
    const frame = trace.split('\n').find((line) => line.includes(folder) && !line.includes(options.moduleFolder));
    throw new PlatformError('USER_CODE_FAILED', { field: 'project file', value: String(cause), remedy: frame ? `Thrown ${frame.trim()}.` : 'It throws while it is read.' }, { cause });
  }
}

function namedExports(modules: readonly (readonly [string, unknown])[]): LoadedProject['exports'] {
  const found = new Map<unknown, NamedExport>();
  for (const [module, namespace] of modules)
    for (const [name, value] of Object.entries((namespace ?? {}) as object)) {
      const identity = typeof value === 'function' || (typeof value === 'object' && value !== null);
      if (identity && name !== 'default' && !found.has(value)) found.set(value, { module, name });
    }
  return found;
}
