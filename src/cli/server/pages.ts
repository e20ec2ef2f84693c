import { fileURLToPath } from 'node:url';

/** The built pages; in source they lie where the build put them. */
export const pagesFolder: string = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../dist/web' : '../../web', import.meta.url),
);
