import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, resolve } from 'node:path';

/** A tsconfig.json and all that it extends, as far as they can be found. */
export function configFiles(tsconfig: string): readonly string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const name of extendsOf(file)) visit(pathOf(name, file));
  };
  visit(tsconfig);
  return [...found];
}

function extendsOf(file: string): readonly string[] {
  const config = readConfig(file);
  const names: unknown =
    typeof config === 'object' && config !== null && 'extends' in config && config.extends;
  const all: readonly unknown[] = Array.isArray(names) ? names : [names];
  return all.filter((name): name is string => typeof name === 'string');
}

/** Strings, comments, and commas before a closing bracket. */
const notJson =
  /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[}\]])/g;

/** Undefined for a file that cannot be read; the compiler says what is wrong with it. */
function readConfig(file: string): unknown {
  try {
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    return JSON.parse(text.replace(notJson, (part) => (part.startsWith('"') ? part : '')));
  } catch {
    return undefined;
  }
}

/** As the compiler finds it: a path beside the file, or a package. A file that is missing is named all the same. */
function pathOf(name: string, from: string): string {
  if (/^\.\.?(?:[\\/]|$)/.test(name) || isAbsolute(name)) {
    const path = resolve(dirname(from), name);
    return path.endsWith('.json') || existsSync(path) ? path : `${path}.json`;
  }
  const { resolve: find } = createRequire(from);
  for (const file of [name, `${name}.json`, `${name}/tsconfig.json`])
    try {
      const path = find(file);
      if (path.endsWith('.json')) return path;
    } catch {
      // The next form may be there.
    }
  return resolve(dirname(from), 'node_modules', name);
}
