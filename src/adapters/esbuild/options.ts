import type { BuildOptions, Plugin } from 'esbuild';
import { dirname } from 'node:path';
import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { externals } from './externals.ts';

/** How every bundle is made. `folder` is the project's: what a bundle says of files is relative to it. */
export function bundleOptions(folder: string, plugins: readonly Plugin[] = []): BuildOptions & { readonly write: false; readonly metafile: true } {
  return {
    absWorkingDir: folder,
    bundle: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    treeShaking: true,
    legalComments: 'none',
    logLevel: 'silent',
    charset: 'utf8',
    loader: { '.json': 'json' },
    plugins: [externals, ...plugins],
  };
}

/**
 * In the project's own modules `import.meta.url` and its kin mean the file that the user wrote, not the bundle. Only for
 * modules that are run where they were read: a bundle with such a path in it means nothing elsewhere.
 */
export const ownPlaces: Plugin = {
  name: 'modelyard-own-places',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      if (path.includes('/node_modules/')) return undefined;
      const text = await readFile(path, 'utf8');
      if (!text.includes('import.meta.')) return undefined;
      return { contents: placed(text, path), loader: /\.[cm]?ts$/.test(path) ? 'ts' : 'js' };
    });
  },
};

function placed(text: string, path: string): string {
  return text
    .replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href))
    .replaceAll('import.meta.dirname', JSON.stringify(dirname(path)))
    .replaceAll('import.meta.filename', JSON.stringify(path));
}
