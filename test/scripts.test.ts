import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from 'vitest';

interface Installed {
  readonly isInstalled: (folder: string) => boolean;
  readonly stampInstalled: (folder: string) => void;
}
interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly optional?: boolean;
  readonly os?: readonly string[];
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
interface Lock {
  readonly packages: Readonly<Record<string, Locked>>;
}
interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
}
interface CountFacts {
  readonly code?: number;
  readonly hasShared: boolean;
  readonly strict: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const load = createRequire(import.meta.url);
const whyNodeWillNotDo = load('../scripts/node-version.cjs') as (version: string) => string | undefined;
const { isInstalled, stampInstalled } = load('../scripts/parts/installed.cjs') as Installed;
const { missingPlatforms, withoutIntegrity } = load('../scripts/parts/locked-platforms.cjs') as {
  readonly missingPlatforms: (lock: Lock) => Readonly<Record<string, Locked>>;
  readonly withoutIntegrity: (lock: Lock) => readonly string[];
};
const { sourceDigest } = load('../scripts/parts/source-digest.cjs') as {
  readonly sourceDigest: (folder: string) => string;
};
const { entries } = load('../scripts/parts/bundle.cjs') as { readonly entries: readonly string[] };
const { importsBelow } = load('../scripts/parts/imports-below.cjs') as {
  readonly importsBelow: (file: string) => {
    readonly files: readonly string[];
    readonly outside: readonly string[];
  };
};
const { keepPreviousChunks } = load('../scripts/parts/previous-chunks.cjs') as {
  readonly keepPreviousChunks: (from: string, to: string) => void;
};
const { countTests } = load('../scripts/parts/test-counts.cjs') as {
  readonly countTests: (report: object | undefined, facts: CountFacts) => Counts;
};
const { faultTable } = load('../scripts/parts/fault-table.cjs') as {
  readonly faultTable: (rows: readonly object[]) => string;
};
const { testFilesLeftOut } = load('../scripts/parts/test-files.cjs') as {
  readonly testFilesLeftOut: (folder: string, ran: readonly string[]) => readonly string[];
};
const { requireWritable } = load('../scripts/parts/writable.cjs') as {
  readonly requireWritable: (folder: string, purpose: string) => void;
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'modelyard-scripts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string | object): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
}

test.each(['v0.10.48', 'v12.22.12', 'v18.20.8', 'v20.18.3'])('%s is told which Node it takes', (version) => {
  expect(whyNodeWillNotDo(version)).toMatch(
    `Modelyard needs Node 20.19 or newer; this is ${version}. Install Node`,
  );
});

test.each(['v21.7.3', 'v22.11.0', 'v23.11.0'])('%s is told that the build tools pass it over', (version) => {
  expect(whyNodeWillNotDo(version)).toContain(`20.19, 22.12, 24 or newer; this is ${version}`);
});

test.each(['v20.19.0', 'v22.12.0', 'v24.0.0', 'v26.1.0'])('%s will do', (version) => {
  expect(whyNodeWillNotDo(version)).toBeUndefined();
});

test('what runs before the version is known has no syntax that an old Node cannot read', () => {
  const files = readdirSync(join(root, 'scripts')).filter((file) => file.endsWith('.cjs'));
  expect(files).toEqual(expect.arrayContaining(['entry.cjs', 'node-version.cjs', 'start.cjs', 'test.cjs']));
  const modern = /\b(const|let|class|async|await)\b|=>|`|\.\.\.|\?\.|\?\?|,\s*\)/;
  const codeOf = (file: string): string =>
    readFileSync(join(root, 'scripts', file), 'utf8').replaceAll(/\/\*.*?\*\//gs, '');
  expect(files.filter((file) => modern.test(codeOf(file)))).toEqual([]);
});

const one = { version: '1.0.0', integrity: 'sha512-one' };

function installOne(): void {
  write('package-lock.json', { packages: { '': {}, 'node_modules/one': one } });
  write('node_modules/.package-lock.json', { packages: { 'node_modules/one': one } });
  write('node_modules/one/package.json', {});
}

test('an installation is current until the lock file changes', () => {
  installOne();
  rmSync(join(folder, 'node_modules/.package-lock.json'));
  expect(isInstalled(folder)).toBe(false);
  stampInstalled(folder);
  expect(isInstalled(folder)).toBe(true);
  write('package-lock.json', { packages: { 'node_modules/one': { ...one, version: '1.0.1' } } });
  expect(isInstalled(folder)).toBe(false);
});

test('what npm installed by hand is taken as it is, and stamped', () => {
  installOne();
  expect(isInstalled(folder)).toBe(true);
  rmSync(join(folder, 'node_modules/.package-lock.json'));
  expect(isInstalled(folder)).toBe(true);
});

const elsewhere = { version: '1.0.0', os: ['made-up-system'], optional: true };

test.each<[string, () => void]>([
  ['nothing is installed', () => rmSync(join(folder, 'node_modules'), { recursive: true })],
  ['a package has gone', () => rmSync(join(folder, 'node_modules/one'), { recursive: true })],
  ['the record is cut short', () => write('node_modules/.package-lock.json', '{"packages": {')],
  [
    'another version is there',
    () =>
      write('node_modules/.package-lock.json', {
        packages: { 'node_modules/one': { ...one, version: '2.0.0' } },
      }),
  ],
  [
    'it was stamped on another machine',
    () => write('node_modules/.modelyard-install', { lock: 'x', machine: 'other' }),
  ],
  [
    'it holds a package for another machine',
    () => {
      const packages = { 'node_modules/one': one, 'node_modules/two': elsewhere };
      write('package-lock.json', { packages });
      write('node_modules/.package-lock.json', { packages });
      write('node_modules/two/package.json', {});
    },
  ],
])('it is installed again when %s', (_why, spoil) => {
  installOne();
  spoil();
  expect(isInstalled(folder)).toBe(false);
});

test('a folder that takes no files is named with a way out', () => {
  expect(() => requireWritable(join(folder, 'absent'), 'build')).toThrow(
    /^Modelyard cannot build: .*absent does not take new files \(ENOENT\)\. Copy the checkout/,
  );
  requireWritable(folder, 'build');
  expect(readdirSync(folder)).toEqual([]);
});

test('an optional package that npm left out of the lock file is added for its machine', () => {
  const parent = {
    version: '1.0.0',
    optionalDependencies: { '@a/b-linux-x64-musl': '1.2.3', '@a/b-darwin-arm64': '1.2.3' },
  };
  const packages = {
    'node_modules/a': parent,
    'node_modules/a/node_modules/@a/b-darwin-arm64': { version: '1.2.3' },
  };
  expect(missingPlatforms({ packages })).toEqual({
    'node_modules/@a/b-linux-x64-musl': {
      version: '1.2.3',
      os: ['linux'],
      cpu: ['x64'],
      libc: ['musl'],
      optional: true,
    },
  });
});

test('an optional package is not guessed at when its name says no machine', () => {
  const packages = { 'node_modules/a': { optionalDependencies: { fast: '1.0.0' } } };
  expect(() => missingPlatforms({ packages })).toThrow('fast@1.0.0 is not locked');
});

test('our lock file installs on every machine; `npm run lock:complete` mends it', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  expect(Object.keys(lock.packages).length).toBeGreaterThan(100);
  expect(missingPlatforms(lock)).toEqual({});
});

test('a package without a digest that npm checks is found', () => {
  const packages = {
    '': {},
    'node_modules/a': { version: '1.0.0', integrity: 'sha512-a' },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/c': { version: '1.0.0', integrity: 'sha1-c' },
  };
  expect(withoutIntegrity({ packages })).toEqual(['node_modules/b', 'node_modules/c']);
});

test('our lock file has a digest for every package and names no registry; `npm run lock:complete` mends it', () => {
  const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as Lock;
  expect(withoutIntegrity(lock)).toEqual([]);
  expect(Object.keys(lock.packages).filter((path) => lock.packages[path]?.resolved !== undefined)).toEqual(
    [],
  );
});

test('the build is stale after a change of what it reads, and of nothing else', () => {
  const read = [
    'src/a.ts',
    'web/b.tsx',
    'scripts/parts/bundle.cjs',
    'scripts/parts/dist.cjs',
    'tsconfig.json',
  ];
  for (const file of read) write(file, 'x');
  const before = sourceDigest(folder);
  write('src/a.test.ts', 'x');
  write('README.md', 'x');
  expect(sourceDigest(folder)).toBe(before);
  const seen = new Set([before]);
  const changes = [
    'src/a.ts',
    'src/deep/c.ts',
    'web/b.tsx',
    'scripts/parts/bundle.cjs',
    'tsconfig.build.json',
    'package-lock.json',
  ];
  for (const file of changes) {
    write(file, 'y');
    seen.add(sourceDigest(folder));
  }
  expect(seen.size).toBe(7);
});

const named = (status: string, fullName: string): object => ({ status, fullName });
const report = {
  testResults: [
    { name: '/a.test.ts', status: 'failed', assertionResults: [named('passed', 'a'), named('failed', 'b')] },
    { name: '/b.test.ts', status: 'failed', assertionResults: [] },
    {
      name: '/c.test.ts',
      status: 'passed',
      assertionResults: [named('pending', 'c (needs ../shared)'), named('skipped', 'd')],
    },
  ],
};

test('a file that does not load is a failed test', () => {
  const counts = countTests(report, { code: 1, hasShared: false, strict: false });
  expect(counts).toMatchObject({ passed: 1, failed: 2, skipped: ['c (needs ../shared)', 'd'] });
});

test('a fault that this machine does not allow may be skipped', () => {
  const assertionResults = [
    named('passed', 'a'),
    named('skipped', 'b (skipped: this machine does not allow it)'),
  ];
  const counts = countTests(
    { testResults: [{ name: '/a.test.ts', status: 'passed', assertionResults }] },
    { code: 0, hasShared: true, strict: true },
  );
  expect(counts).toMatchObject({ passed: 1, failed: 0 });
});

test('the table of faults has a column for each fact', () => {
  const rows = [{ fault: 'kill -9', tried: '3 kills', acknowledged: '12 batches', lost: 0 }];
  expect(faultTable(rows)).toBe('fault    tried    acknowledged  lost\nkill -9  3 kills  12 batches    0\n');
});

test.each([
  [{ hasShared: false, strict: true }, 3],
  [{ hasShared: true, strict: true }, 4],
  [{ hasShared: true, strict: false }, 2],
])('with %o skips count so that %d fail', (facts, failed) => {
  expect(countTests(report, { code: 1, ...facts }).failed).toBe(failed);
});

test.each([
  ['there is no report', undefined, undefined],
  ['it failed outside of a test', { testResults: [] }, 1],
])('a run fails when %s', (_why, written, code) => {
  const facts = { hasShared: true, strict: true, ...(code === undefined ? {} : { code }) };
  expect(countTests(written, facts)).toMatchObject({ passed: 0, failed: 1 });
});

test('a test file that no configuration runs is found', () => {
  for (const place of [
    'src/a.test.ts',
    'src/b.test-d.ts',
    'web/c.test.tsx',
    'test/e2e/d.test.ts',
    'test/lost/e.test.ts',
  ])
    write(place, '');
  write('examples/f.ts', '');
  write('vitest.e2e.config.ts', '');
  const ran = [join(folder, 'src/a.test.ts')];
  expect(testFilesLeftOut(folder, ran).toSorted()).toEqual([
    'src/b.test-d.ts',
    'test/lost/e.test.ts',
    'web/c.test.tsx',
  ]);
});

test('every action of a workflow is pinned by commit, with its version beside it', () => {
  const workflows = join(root, '.github', 'workflows');
  const uses = readdirSync(workflows).flatMap((file) =>
    [...readFileSync(join(workflows, file), 'utf8').matchAll(/uses:\s*(.+)/g)].map(([, action]) => action),
  );
  expect(uses.length).toBeGreaterThan(0);
  expect(uses.filter((action) => !/^[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(action ?? ''))).toEqual([]);
});

test('every entry of the build is a module of ours', () => {
  expect(entries).toContain('cli/task-process');
  expect(entries.filter((entry) => !existsSync(join(root, 'src', `${entry}.ts`)))).toEqual([]);
});

test.each([
  {
    layout: 'on lines',
    built: {
      'main.js':
        'import {\n  a\n} from "./chunks/a.js";\nimport "node:fs";\nconst b = () => import("./chunks/b.js");\n',
      'chunks/a.js': 'export * from "zod";\nvar pg = __require("pg");\n',
      'chunks/b.js': 'import { a } from "./a.js";\nexport {\n  a as b\n} from "./c.js";\n',
      'chunks/c.js': 'const text = "import nothing";\n',
      'chunks/d.js': '',
    },
    packages: ['node:fs', 'pg', 'zod'],
  },
  {
    layout: 'without white space',
    built: {
      'main.js':
        'import{a}from"./chunks/a.js";import"node:fs";import*as os from"node:os";var b=()=>import("./chunks/b.js");\n',
      'chunks/a.js': 'var c=1;export*from"zod";export{c};',
      'chunks/b.js': 'import d from"pg";var e=class{};export{d as f}from"./c.js";',
      'chunks/c.js': 'const text="from";',
    },
    packages: ['node:fs', 'node:os', 'pg', 'zod'],
  },
])('what a built file loads is found $layout: at once, later, and from packages', ({ built, packages }) => {
  for (const [file, text] of Object.entries(built)) if (text !== undefined) write(file, text);
  const { files, outside } = importsBelow(join(folder, 'main.js'));
  expect(files.map((file) => file.slice(folder.length + 1)).toSorted()).toEqual([
    'chunks/a.js',
    'chunks/b.js',
    'chunks/c.js',
    'main.js',
  ]);
  expect(outside.toSorted()).toEqual(packages);
});

test('a build keeps the chunks of the build before it, and none of an older one', () => {
  write('old/cli/main.js', 'import "../chunks/x.js";');
  write('old/chunks/x.js', 'x');
  write('old/chunks/older.js', '');
  write('new/cli/main.js', 'import "../chunks/y.js";');
  write('new/chunks/y.js', '');
  keepPreviousChunks(join(folder, 'old'), join(folder, 'new'));
  expect(readdirSync(join(folder, 'new/chunks')).toSorted()).toEqual(['x.js', 'y.js']);
  expect(readFileSync(join(folder, 'new/cli/main.js'), 'utf8')).toContain('y.js');
  expect(() => keepPreviousChunks(join(folder, 'absent'), join(folder, 'new'))).not.toThrow();
});
