import type { Self } from '../adapters/esbuild/externals.ts';

/** Where the project's imports of Modelyard lead: to the running copy, in source and in the build alike. */
export const self: Self = {
  modelyard: ours('../index'),
  'modelyard/sources': ours('../sources/index'),
  'modelyard/client': ours('../client/index'),
  'modelyard/project-params': ours('../project/params'),
  zod: ours('./zod'),
};

function ours(path: string): string {
  return new URL(`${path}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;
}
