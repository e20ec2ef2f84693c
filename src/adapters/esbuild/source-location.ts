import type { Namespace } from './import-text.ts';

/** The location of a value: the module, an export, and the path within it. */
export interface SourceLocation {
  readonly module: string;
  readonly path: readonly [name: string, ...string[]];
}

const deepest = 6;

/** Finds a value by identity: first among the exports, then in the plain objects that they hold, nearest first. */
export function findSourceLocation(
  value: unknown,
  namespaces: ReadonlyMap<string, Namespace>,
): SourceLocation | undefined {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return undefined;
  let level: { readonly location: SourceLocation; readonly value: unknown }[] = [];
  for (const [module, namespace] of namespaces)
    for (const [name, exported] of Object.entries(namespace)) {
      level.push({ location: { module, path: [name] }, value: exported });
    }
  const seen = new Set<unknown>();
  for (let depth = 0; depth <= deepest; depth++) {
    const found = level.find((entry) => entry.value === value);
    if (found) return found.location;
    const next: typeof level = [];
    for (const { location, value: holder } of level) {
      if (!isPlain(holder) || seen.has(holder)) continue;
      seen.add(holder);
      for (const [key, held] of Object.entries(holder))
        next.push({ location: { module: location.module, path: [...location.path, key] }, value: held });
    }
    level = next;
  }
  return undefined;
}

function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null || Array.isArray(value);
}
