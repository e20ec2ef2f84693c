import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));
/** Packages that stay out of the bundle: the list of scripts/parts/bundle.cjs. */
const external = /const external = \[([^\]]*)\]/
  .exec(readFileSync(new URL('../scripts/parts/bundle.cjs', import.meta.url), 'utf8'))?.[1]
  ?.split(',')
  .map((name) => name.trim().replaceAll("'", ''));

/** Named exports that a module takes from a package that it loads on demand. */
const named = /const\s*\{(?!\s*default\b)[^}]*\}\s*=\s*await import\('([^'.][^']*)'\)/g;

/** A CommonJS package has only a default export once it is bundled: node finds named ones, the bundle does not. */
test('bundled packages that are loaded on demand are used by their default export', () => {
  const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !/\.(test|fixture|contract)\.ts$/.test(file),
  );
  expect(files.length).toBeGreaterThan(300);
  expect(external).toContain('libsql');
  const faults = files.flatMap((file) =>
    [...readFileSync(`${source}/${file}`, 'utf8').matchAll(named)]
      .map(([, name = '']) => name)
      .filter((name) => !name.startsWith('node:') && !external?.includes(name))
      .map((name) => `${file}: ${name}`),
  );
  expect(faults).toEqual([]);
});
