import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Loader, type Plugin, transform } from 'esbuild';
import { markPureCalls } from './pure-calls.ts';

/** What stands for `import.meta.…` in a bundle, where it would mean the bundle. */
export const metaNames = {
  'import.meta.url': 'modelyardFileUrl',
  'import.meta.dirname': 'modelyardFolder',
  'import.meta.filename': 'modelyardFile',
} as const;

const scripts = /\.[cm]?[jt]sx?$/;

/** The texts of a project's own files as they were read once: all bundles are made of the same. */
export type Texts = Map<string, string>;

/** Reads each file once, and lets `import.meta.url` and its kin mean the file that the user wrote. */
export function filesAsWritten(texts: Texts): Plugin {
  return {
    name: 'modelyard-files-as-written',
    setup(build) {
      build.onLoad({ filter: /\.(?:[cm]?[jt]sx?|json)$/ }, async ({ path }) => {
        const text = await textOf(path, texts);
        if (path.endsWith('.json')) return { contents: text, loader: 'json' };
        const meta = [pathToFileURL(path).href, dirname(path), path] as const;
        return { contents: withMeta(text, meta), loader: loaderOf(path), resolveDir: dirname(path) };
      });
    },
  };
}

/**
 * The same files reduced to what they do: no types, no comments, unused schemas free to drop out, and no trace of the
 * folder that the project is in. What comes of it is hashed and never run.
 */
export function filesAsMeant(texts: Texts, folder: string): Plugin {
  const meant = new Map<string, Promise<string>>();
  const reduce = async (path: string): Promise<string> => {
    const name =
      path.split('node_modules/').at(-1) === path
        ? relative(folder, path)
        : (path.split('node_modules/').at(-1) ?? '');
    const text = withMeta(await textOf(path, texts), [`project:${name}`, `folder:${name}`, `file:${name}`]);
    if (isForeign(path)) return text;
    const { code } = await transform(text, {
      loader: loaderOf(path),
      format: 'esm',
      legalComments: 'none',
      target: 'node20',
    });
    return markPureCalls(code);
  };
  return {
    name: 'modelyard-files-as-meant',
    setup(build) {
      build.onLoad({ filter: scripts }, async ({ path }) => {
        const contents = meant.get(path) ?? reduce(path);
        meant.set(path, contents);
        return {
          contents: await contents,
          loader: isForeign(path) ? loaderOf(path) : 'js',
          resolveDir: dirname(path),
        };
      });
      build.onLoad({ filter: /\.json$/ }, async ({ path }) => ({
        contents: await textOf(path, texts),
        loader: 'json',
      }));
    },
  };
}

/** In a package that the project installed. */
export function isForeign(path: string): boolean {
  return path.includes('node_modules/');
}

async function textOf(path: string, texts: Texts): Promise<string> {
  const known = texts.get(path);
  if (known !== undefined) return known;
  const text = await readFile(path, 'utf8');
  texts.set(path, text);
  return text;
}

/** Before the first line and not above it: the user's lines keep their numbers. */
function withMeta(
  text: string,
  [url, folder, file]: readonly [url: string, folder: string, file: string],
): string {
  if (!text.includes('import.meta')) return text;
  const [urlName, folderName, fileName] = Object.values(metaNames);
  return `const ${urlName} = ${JSON.stringify(url)}, ${folderName} = ${JSON.stringify(folder)}, ${fileName} = ${JSON.stringify(file)}; ${text}`;
}

function loaderOf(path: string): Loader {
  const ending = extname(basename(path)).replace(/^\.[cm]?/, '');
  return ending === 'ts' || ending === 'tsx' || ending === 'jsx' ? ending : 'js';
}
