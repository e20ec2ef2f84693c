import { build, type BuildOptions } from 'esbuild';
import { dirname, relative } from 'node:path';
import type { BlobStore } from '../../data/blob-store.ts';
import { type Digest, digestOf, digestOfJson } from '../../kernel/digest.ts';
import type { Bundler } from '../../pipeline/ports.ts';
import type { CodeRef } from '../../pipeline/task.ts';
import { buildError } from './build-errors.ts';
import type { LoadedProject, NamedExport } from './load-project.ts';
import { bundleOptions, ownPlaces } from './options.ts';
import { pureSchemas } from './pure-schemas.ts';

/** Raised when a release of ours does another thing under a name that projects import. */
const libraryFormat = 1;

/** Bundles functions and schemas of a project: the text that runs, and the digest of what it does. */
export function openBundler(loaded: LoadedProject, { blobs }: { readonly blobs: BlobStore }): Bundler {
  const folder = dirname(loaded.configPath);
  return {
    async bundle(value, field) {
      const named = loaded.exports.get(value);
      if (named && !named.module.includes('.')) return libraryCode(named, blobs);
      const entry = named ? namedEntry(named) : inlineEntry(relative(folder, loaded.configPath), field);
      const text = await bundleText(folder, entry, { plugins: [ownPlaces], sourcemap: 'inline', sourceRoot: `${folder}/` });
      const meaning = await bundleText(folder, entry, { plugins: [pureSchemas] });
      const label = named ? `${named.name} in ${named.module}` : `${field} in ${relative(folder, loaded.configPath)}`;
      return { key: digestOf(meaning), bundle: await keep(text, blobs), label };
    },
  };
}

async function libraryCode({ module, name }: NamedExport, blobs: BlobStore): Promise<CodeRef> {
  const text = `export { ${name} as fn } from "${module}";\n`;
  return { key: digestOfJson({ libraryFormat, module, name }), bundle: await keep(text, blobs), label: `${name} of ${module}` };
}

async function keep(text: string, blobs: BlobStore): Promise<Digest> {
  return (await blobs.put(text)).digest;
}

function namedEntry({ module, name }: NamedExport): string {
  return `export { ${name} as fn } from ${JSON.stringify(`./${module}`)};`;
}

/** A function that has no name of its own is found where the project holds it: 'models.t20-score.features'. */
function inlineEntry(config: string, field: string): string {
  const [kind = '', name = '', ...path] = field.split('.');
  const found = `project[${JSON.stringify(kind)}].find((each) => each.name === ${JSON.stringify(name)})`;
  return [
    `import project from ${JSON.stringify(`./${config}`)};`,
    `export const fn = ${found}${path.map((key) => `[${JSON.stringify(key)}]`).join('')};`,
  ].join('\n');
}

async function bundleText(folder: string, entry: string, { plugins = [], ...options }: BuildOptions): Promise<string> {
  try {
    const made = await build({
      ...bundleOptions(folder, plugins),
      ...options,
      minify: true,
      keepNames: false,
      stdin: { contents: entry, resolveDir: folder, sourcefile: 'entry', loader: 'js' },
    });
    return made.outputFiles?.[0]?.text ?? '';
  } catch (cause) {
    throw buildError(cause);
  }
}
