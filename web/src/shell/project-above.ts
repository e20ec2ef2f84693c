import type { PlatformError } from '../../../src/client/index.ts';

/** The project that an address is below; undefined for other addresses, and if the project itself failed. */
export function projectAbove(path: string, failure: Pick<PlatformError, 'code'>): string | undefined {
  const [, name] = /^\/projects\/([^/]+)\/./.exec(path) ?? [];
  if (name === undefined || failure.code === 'PROJECT_NOT_FOUND' || failure.code === 'ROUTE_NOT_FOUND')
    return undefined;
  return decodeURIComponent(name);
}
