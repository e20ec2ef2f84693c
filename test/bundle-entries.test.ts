import { createRequire } from 'node:module';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { self } from '../src/cli/self.ts';

const { entries } = createRequire(import.meta.url)('../scripts/parts/bundle.cjs') as {
  readonly entries: readonly string[];
};
const source = fileURLToPath(new URL('../src', import.meta.url));

test.each(Object.entries(self))('%s, which projects import, is a file of the built product', (_name, url) => {
  expect(entries).toContain(relative(source, fileURLToPath(url)).replace(/\.ts$/, ''));
});
