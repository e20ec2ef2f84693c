import { readFileSync } from 'node:fs';

/** The version of this package, from the package.json above source and build alike. */
export function packageVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  };
  return version;
}
