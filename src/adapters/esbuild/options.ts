import type { BuildOptions, Plugin } from 'esbuild';
import { externals } from './externals.ts';
import { metaNames } from './sources.ts';

export interface Entry {
  /** The project's folder; bundles name files relative to it. */
  readonly folder: string;
  /** The text of a module in the folder, or the path of one. */
  readonly from: { readonly text: string } | { readonly path: string };
  /** Reads the project's files. */
  readonly files: Plugin;
  /** Resolves the project's params. */
  readonly params?: Plugin | undefined;
}

/** The options of every bundle. */
export function bundleOptions({
  folder,
  from,
  files,
  params,
}: Entry): BuildOptions & { readonly metafile: true } {
  return {
    absWorkingDir: folder,
    entryPoints: ['path' in from ? from.path : virtualEntry],
    outdir: folder,
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
    define: metaNames,
    plugins: [
      ...(params ? [params] : []),
      externals,
      files,
      ...('text' in from ? [entryText(from.text, folder)] : []),
    ],
  };
}

const virtualEntry = 'virtual:modelyard';

/** Source maps name it 'virtual:', so that tools do not look for a file. */
function entryText(contents: string, resolveDir: string): Plugin {
  return {
    name: 'modelyard-entry',
    setup(build) {
      build.onResolve({ filter: /^virtual:modelyard$/ }, () => ({ path: 'modelyard', namespace: 'virtual' }));
      build.onLoad({ filter: /^modelyard$/, namespace: 'virtual' }, () => ({
        contents,
        resolveDir,
        loader: 'js',
      }));
    },
  };
}
