import { isDeepStrictEqual } from 'node:util';

/** @param found what should be one and the same, by who has it. @throws Error with both when it is not */
export function checkSame(what: string, found: Readonly<Record<string, unknown>>): void {
  const [first, ...others] = Object.values(found);
  if (others.length > 0 && others.every((other) => isDeepStrictEqual(other, first))) return;
  const said = Object.entries(found).map(([name, value]) => `${name}: ${shown(value)}`);
  throw new Error(`${what} came out differently.\n${said.join('\n')}`);
}

function shown(value: unknown): string {
  return (JSON.stringify(value) ?? 'nothing').slice(0, 500);
}
