import type { Plugin } from 'esbuild';
import { readTokens } from './tokens.ts';

/** Our modules that a project imports, and where the running copy of each is. */
export type Self = Readonly<
  Record<'modelyard' | 'modelyard/sources' | 'modelyard/client' | 'modelyard/project-params' | 'zod', string>
>;

/** Leaves imports of our modules out of a bundle, under their bare names, so that they mean the running copy. */
export const externals: Plugin = {
  name: 'modelyard-externals',
  setup(build) {
    build.onResolve({ filter: /^modelyard(?:\/(?:sources|client|project-params))?$/ }, ({ path }) => ({
      path,
      external: true,
      sideEffects: false,
    }));
    build.onResolve({ filter: /^zod(?:\/v4)?$/ }, () => ({
      path: 'zod',
      external: true,
      sideEffects: false,
    }));
  },
};

const mapComment = '\n//# sourceMappingURL=';

/** Replaces our bare names in a bundle's imports by the URLs of the running copy. */
export function leadToSelf(bundle: string, self: Self): string {
  const end = bundle.lastIndexOf(mapComment);
  const code = end < 0 ? bundle : bundle.slice(0, end);
  const tokens = readTokens(code);
  let led = '';
  let copied = 0;
  for (const [position, { kind, start, end: after }] of tokens.entries()) {
    if (kind !== 'text') continue;
    const name = code.slice(start + 1, after - 1);
    const before = tokens
      .slice(Math.max(0, position - 2), position)
      .map((token) => code.slice(token.start, token.end));
    if (!Object.hasOwn(self, name) || !namesModule(before)) continue;
    led += code.slice(copied, start) + JSON.stringify(self[name as keyof Self]);
    copied = after;
  }
  return led + code.slice(copied) + bundle.slice(code.length);
}

/** `from "…"`, `import "…"` and `import("…")`. */
function namesModule(before: readonly string[]): boolean {
  const last = before.at(-1);
  return last === 'from' || last === 'import' || (last === '(' && before.at(-2) === 'import');
}
