import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Loader, type Plugin, transform } from 'esbuild';
import type { JsonObject } from '../../kernel/json.ts';
import { withConstantParams } from './project-params.ts';
import { markPureCalls } from './pure-calls.ts';

/** Replaces `import.meta.…`, which would mean the bundle. */
export const metaNames = {
  'import.meta.url': 'modelyardFileUrl',
  'import.meta.dirname': 'modelyardFolder',
  'import.meta.filename': 'modelyardFile',
} as const;

const scripts = /\.[cm]?[jt]sx?$/;

/** The texts of a project's files, read once, so that all bundles have the same. */
export type Texts = Map<string, string>;

/** Reads each file once, and makes `import.meta.url` and the like mean the user's file. @param params once they are read */
export function filesAsWritten(texts: Texts, params?: JsonObject): Plugin {
  return {
    name: 'modelyard-files-as-written',
    setup(build) {
      build.onLoad({ filter: /\.(?:[cm]?[jt]sx?|json)$/ }, async ({ path }) => {
        const text = await textOf(path, texts);
        if (path.endsWith('.json')) return { contents: text, loader: 'json' };
        const meant = withConstantParams(text, params);
        const meta = [pathToFileURL(path).href, dirname(path), path] as const;
        return { contents: withMeta(meant, meta), loader: loaderOf(path), resolveDir: dirname(path) };
      });
    },
  };
}

/**
 * The same files reduced to their meaning: no types, no comments, unused schemas droppable, and no trace of the project's
 * folder. The result is hashed and never run.
 */
export function filesAsMeant(texts: Texts, folder: string, params?: JsonObject): Plugin {
  const meant = new Map<string, Promise<string>>();
  const reduce = async (path: string): Promise<string> => {
    const name =
      path.split('node_modules/').at(-1) === path
        ? relative(folder, path)
        : (path.split('node_modules/').at(-1) ?? '');
    const read = withConstantParams(await textOf(path, texts), params);
    const text = withMeta(read, [`project:${name}`, `folder:${name}`, `file:${name}`]);
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

/** In an installed package. */
export function isForeign(path: string): boolean {
  return path.includes('node_modules/');
}

async function textOf(path: string, texts: Texts): Promise<string> {
  const cached = texts.get(path);
  if (cached !== undefined) return cached;
  const text = await readFile(path, 'utf8');
  texts.set(path, text);
  return text;
}

/** Inserted before the first line without a line break, so that the user's lines keep their numbers. */
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
