import type { Plugin } from 'esbuild';
import { readFile } from 'node:fs/promises';

/**
 * Marks every call that starts at `z` as pure, so that a schema that nothing uses drops out of a bundle. The text that
 * comes of it tells what a function does and is only hashed: a mark in the wrong place can cost a run, never a result.
 */
export const pureSchemas: Plugin = {
  name: 'modelyard-pure-schemas',
  setup(build) {
    build.onLoad({ filter: /\.[cm]?[jt]s$/ }, async ({ path }) => {
      if (path.includes('/node_modules/')) return undefined;
      const text = await readFile(path, 'utf8');
      return { contents: withPureSchemas(text), loader: /\.[cm]?ts$/.test(path) ? 'ts' : 'js' };
    });
  },
};

export function withPureSchemas(text: string): string {
  return text.replaceAll(/(?<![\w$.'"`])z\s*\.\s*(?=[a-z])/g, '/* @__PURE__ */ z.');
}
