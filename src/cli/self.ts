/** Where the project's imports of Modelyard lead: to the running copy, in source and in the build alike. */
export const self: Readonly<Record<'modelyard' | 'modelyard/sources' | 'modelyard/client' | 'zod', string>> =
  {
    modelyard: ours('../index'),
    'modelyard/sources': ours('../sources/index'),
    'modelyard/client': ours('../client/index'),
    zod: ours('./zod'),
  };

function ours(path: string): string {
  return new URL(`${path}${import.meta.url.endsWith('.ts') ? '.ts' : '.js'}`, import.meta.url).href;
}
