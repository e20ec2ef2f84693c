import type { Plugin } from 'esbuild';

/** The modules of ours that a project imports. They stay imports in every bundle and lead to the copy that runs. */
export type Self = Readonly<Record<'modelyard' | 'modelyard/sources' | 'modelyard/client' | 'zod', string>>;

const ours = /^(?:modelyard(?:\/(?:sources|client))?|zod)$/;

/** Leaves imports of ours, of Node and of nothing else outside of a bundle. */
export const externals: Plugin = {
  name: 'modelyard-externals',
  setup(build) {
    build.onResolve({ filter: ours }, ({ path }) => ({ path, external: true }));
  },
};

/** Bundles keep bare names, so that they mean the same elsewhere; this leads them to the running copy, in the imports that head a bundle. */
export function withOurs(text: string, self: Self): string {
  const head = /^(?:\s*import\b[^;]*;|\s*export\s*\{[^}]*\}\s*from\s*"[^"]*";)*/.exec(text)?.[0] ?? '';
  const led = head.replaceAll(/\b(from\s*|import\s*)"([^"]+)"/g, (whole, before: string, name: string) =>
    Object.hasOwn(self, name) ? `${before}${JSON.stringify(self[name as keyof Self])}` : whole,
  );
  return led + text.slice(head.length);
}
