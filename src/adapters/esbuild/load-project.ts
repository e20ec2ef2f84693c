import { realpath } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { build, type BuildOptions, type BuildResult, type Metafile } from 'esbuild';
import { createFolders } from '../../data/create-folders.ts';
import { PlatformError } from '../../kernel/errors.ts';
import type { JsonObject } from '../../kernel/json.ts';
import { type GivenParam, type ParamsReader, refuseUnknownParams } from '../../project/params.ts';
import { isProject, type Project } from '../../project/project.ts';
import { buildError } from './build-errors.ts';
import { importText, type ImportOptions, type Namespace } from './import-text.ts';
import { bundleOptions } from './options.ts';
import { importsParams, paramsModule, paramsPlugin } from './project-params.ts';
import { filesAsWritten, isForeign, type Texts } from './sources.ts';
import { userCodeError } from './user-error.ts';

export interface LoadedProject {
  readonly project: Project;
  readonly configPath: string;
  /** The project file, with links resolved. */
  readonly folder: string;
  /** The project's source files, absolute, in order of name. */
  readonly files: readonly string[];
  /** The exports of each module: ours by name, the project's by path from its folder, each after the modules it imports. */
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** The files' texts when they were read. */
  readonly texts: Texts;
  /** The values of its params; undefined if it declares none. */
  readonly params: JsonObject | undefined;
  /** The options of bundles that are run. */
  readonly running: Pick<BuildOptions, 'sourcemap' | 'sourcesContent' | 'sourceRoot' | 'banner'>;
}

export interface LoadOptions extends ImportOptions {
  /** What people set of the project's params; later ones win. @default [] */
  readonly given?: readonly GivenParam[];
}

const libraries = ['modelyard', 'modelyard/sources'] as const;

/**
 * Reads a project file and the modules that it imports. Installed packages become part of its bundles; Modelyard and zod
 * are the running copy.
 * @throws PlatformError PROJECT_INVALID for files that cannot be read or are wired wrongly; USER_CODE_FAILED if they throw
 */
export async function loadProject(configPath: string, options: LoadOptions): Promise<LoadedProject> {
  const config = await existing(configPath);
  const folder = dirname(config);
  const texts: Texts = new Map();
  const files = filesAsWritten(texts);
  const { metafile } = await building(bundleOptions({ folder, from: { path: config }, files }));
  const modules = modulesOf(metafile, relative(folder, config));
  const running = runningOptions(metafile, folder, await createFolder(options.moduleFolder));
  const names = [...libraries, ...modules];
  const { given = [], self } = options;
  const hasParams = modules.some((module) => importsParams(texts.get(join(folder, module)) ?? ''));
  const params = hasParams
    ? paramsPlugin({ kind: 'given', given }, await namesOf(self.modelyard), texts)
    : undefined;
  const text = [
    ...names.map((name, index) => `export * as m${index} from ${JSON.stringify(libraryOr(name))};`),
    ...(params ? [`export { readParams } from ${JSON.stringify(paramsModule)};`] : []),
  ].join('\n');
  const whole = await building({ ...bundleOptions({ folder, from: { text }, files, params }), ...running });
  const loaded = await imported(whole.outputFiles?.[0]?.text ?? '', folder, options);
  const read = (loaded['readParams'] as ParamsReader['read'] | undefined)?.();
  // Without params() the file params.yaml is another tool's.
  if (!read)
    refuseUnknownParams(
      [],
      given.filter(({ isText }) => isText),
    );
  const namespaces = new Map(names.map((name, index) => [name, loaded[`m${index}`] as Namespace]));
  const project = namespaces.get(modules.at(-1) ?? '')?.['default'];
  if (!isProject(project)) throw noProject(relative(folder, config), project);
  return {
    project,
    configPath: config,
    folder,
    files: Object.keys(metafile.inputs)
      .filter((input) => !isForeign(input))
      .map((file) => join(folder, file))
      .toSorted(),
    namespaces,
    texts,
    params: read,
    running,
  };
}

/** The names of a module's exports. */
async function namesOf(url: string): Promise<readonly string[]> {
  return Object.keys((await import(/* @vite-ignore */ url)) as Namespace);
}

async function existing(configPath: string): Promise<string> {
  try {
    return await realpath(resolve(configPath));
  } catch (cause) {
    const remedy = 'Give the path of a modelyard.config.ts, or create one with modelyard init.';
    throw new PlatformError(
      'PROJECT_INVALID',
      { field: 'project file', value: configPath, remedy },
      { cause },
    );
  }
}

async function createFolder(moduleFolder: string): Promise<string> {
  try {
    await createFolders(moduleFolder, 0o700);
    return await realpath(moduleFolder);
  } catch (cause) {
    const remedy = 'Make the folder writable, or choose another one with --state.';
    throw new PlatformError(
      'STATE_UNWRITABLE',
      { field: 'module folder', value: moduleFolder, remedy },
      { cause },
    );
  }
}

function libraryOr(name: string): string {
  return (libraries as readonly string[]).includes(name) ? name : `./${name}`;
}

/** The project's modules, each after those that it imports, so the first one that exports a value created it. */
function modulesOf({ inputs }: Metafile, config: string): readonly string[] {
  const found = new Set<string>();
  const begun = new Set<string>();
  const visit = (path: string): void => {
    if (begun.has(path) || isForeign(path) || path.endsWith('.json')) return;
    begun.add(path);
    for (const imported of inputs[path]?.imports ?? []) if (imported.external !== true) visit(imported.path);
    found.add(path);
  };
  visit(config);
  return [...found];
}

/**
 * Source maps name files relative to the module folder, which is the same on every machine if the state is inside the
 * project. CommonJS packages need a `require` to load Node's modules.
 */
function runningOptions(
  { inputs }: Metafile,
  folder: string,
  moduleFolder: string,
): LoadedProject['running'] {
  const way = relative(moduleFolder, folder).split(sep).join('/');
  const needsRequire = Object.values(inputs).some((input) => input.format === 'cjs');
  return {
    sourcemap: 'inline',
    sourcesContent: false,
    sourceRoot: way === '' ? '' : `${way}/`,
    banner: needsRequire ? { js: requireBanner } : {},
  };
}

const requireBanner =
  'import{createRequire as modelyardRequire}from"node:module";const require=modelyardRequire(import.meta.url);';

/** @throws PlatformError PROJECT_INVALID */
export async function building(
  options: BuildOptions & { readonly metafile: true },
): Promise<BuildResult<{ metafile: true }>> {
  try {
    return await build(options);
  } catch (cause) {
    throw buildError(cause);
  }
}

async function imported(text: string, folder: string, options: ImportOptions): Promise<Namespace> {
  try {
    return await importText(text, options);
  } catch (cause) {
    throw userCodeError(cause, folder);
  }
}

function noProject(file: string, value: unknown): PlatformError {
  return new PlatformError('PROJECT_INVALID', {
    field: `default export of ${file}`,
    value: value === undefined ? undefined : typeof value,
    remedy: 'End the file with export default defineProject(…).',
  });
}
