import { isDeepStrictEqual } from 'node:util';

/** @param found results by side. @throws Error with the results if they differ */
export function checkSame(what: string, found: Readonly<Record<string, unknown>>): void {
  const [first, ...others] = Object.values(found);
  if (others.length > 0 && others.every((other) => isDeepStrictEqual(other, first))) return;
  const details = Object.entries(found).map(([name, value]) => `${name}: ${formatted(value)}`);
  throw new Error(`${what} came out differently.\n${details.join('\n')}`);
}

function formatted(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 500);
}
