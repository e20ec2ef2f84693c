import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type * as zod from 'zod';

interface Output {
  readonly entryPoint?: string;
  readonly imports: readonly { readonly path: string; readonly kind: string; readonly external?: boolean }[];
  readonly inputs: Readonly<Record<string, { readonly bytesInOutput: number }>>;
  readonly bytes: number;
}

type Zod = typeof zod;

interface Bundle {
  readonly bundleProduct: (folder: string) => Promise<{ readonly outputs: Readonly<Record<string, Output>> }>;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const { bundleProduct } = createRequire(import.meta.url)('../scripts/parts/bundle.cjs') as Bundle;

/** What `modelyard server` imports before it answers. */
const startEntries = ['src/cli/main.ts', 'src/cli/server/team-server.ts', 'src/http/native/server.ts'];
/** Packages that this may load. Import any other one on demand: each costs every start time and memory. */
const startPackages = [
  '@fastify/error',
  '@fastify/forwarded',
  '@fastify/proxy-addr',
  '@pinojs/redact',
  'abstract-logging',
  'atomic-sleep',
  'avvio',
  'bintrees',
  'commander',
  'fast-decode-uri-component',
  'fast-deep-equal',
  'fast-json-stringify',
  'fast-querystring',
  'fastify',
  'fastq',
  'find-my-way',
  'ipaddr.js',
  'kysely',
  'libsql',
  'on-exit-leak-free',
  'pino',
  'pino-std-serializers',
  'process-warning',
  'prom-client',
  'quick-format-unescaped',
  'ret',
  'reusify',
  'rfdc',
  'safe-regex2',
  'safe-stable-stringify',
  'secure-json-parse',
  'sonic-boom',
  'tdigest',
  'thread-stream',
  'toad-cache',
  'zod',
];
/** In kB; it is some 2,130. */
const mostCode = 2450;

let folder: string;
let outputs: Readonly<Record<string, Output>>;

beforeAll(async () => {
  // In the checkout, where packages are found.
  folder = mkdtempSync(join(root, 'dist-start-'));
  ({ outputs } = await bundleProduct(folder));
}, 120_000);

afterAll(() => rmSync(folder, { recursive: true }));

test('a start of the server loads only the packages that it needs', () => {
  const loaded = loadedAtStart();
  const packages = loaded.flatMap(({ inputs, imports }) => [
    ...Object.keys(inputs).flatMap((path) => packageIn(path)),
    ...imports.flatMap(({ path, kind, external }) =>
      external && kind !== 'dynamic-import' && !path.startsWith('node:') ? [path] : [],
    ),
  ]);
  expect([...new Set(packages)].toSorted()).toEqual(startPackages);
  expect(loaded.reduce((sum, { bytes }) => sum + bytes, 0) / 1000).toBeLessThan(mostCode);
});

test("a start loads none of Zod's other languages, and a project can use them", async () => {
  const languages = loadedAtStart().flatMap(({ inputs }) =>
    Object.keys(inputs).filter((path) => /zod.*locales/.test(path)),
  );
  expect(languages.map((path) => path.replace(/.*locales./, '')).toSorted()).toEqual(['en.js', 'index.js']);
  const { z } = (await import(pathToFileURL(join(folder, 'cli', 'zod.js')).href)) as Zod;
  z.config(z.locales.de());
  expect(z.string().safeParse(1).error?.message).toContain('Ungültige Eingabe');
  z.config(z.locales.en());
  expect(Object.keys(z.locales).length).toBeGreaterThan(40);
});

/** The files that these entries import without being asked to, directly or not. */
function loadedAtStart(): readonly Output[] {
  const files = new Set<Output>();
  const add = (output: Output | undefined): void => {
    if (!output || files.has(output)) return;
    files.add(output);
    for (const { path, kind } of output.imports) if (kind === 'import-statement') add(outputs[path]);
  };
  for (const entry of startEntries) {
    const output = Object.values(outputs).find(({ entryPoint }) => entryPoint === entry);
    if (!output) throw new RangeError(`no entry ${entry}`);
    add(output);
  }
  return [...files];
}

function packageIn(path: string): readonly string[] {
  const [, name] = /.*node_modules[/\\]((?:@[^/\\]+[/\\])?[^/\\]+)/.exec(path) ?? [];
  return name === undefined ? [] : [name];
}
