'use strict';

const { mkdirSync, readFileSync, writeFileSync } = require('node:fs');
const { isBuiltin } = require('node:module');
const { dirname, join, relative, sep } = require('node:path');
const { root } = require('./places.cjs');

/** Modules that are loaded by path: by node, through the package's exports, or as a process or thread of their own. */
const entries = [
  'cli/main',
  'cli/task-process',
  'cli/zod',
  'adapters/sql/sqlite/sqlite-worker',
  'training/forecasting/forecast-thread',
  'training/boosted-trees/tree-worker',
  'project/params',
  'index',
  'sources/index',
  'client/index',
];

/** Entries of a build from a clone that the published package is without: what is for tests alone. */
const unpublished = ['cli/test-reset'];

/** Native code, and packages that are large and rarely used. They stay in node_modules. */
const external = ['@aws-sdk/client-s3', '@bsull/augurs', '@duckdb/node-api', 'esbuild', 'libsql', 'pg'];

/**
 * Packages that others load and that we never reach: Fastify's compilers for routes with schemas of its own, its check of
 * the versions of plugins and its requests for tests, and what prom-client takes trace ids from.
 */
const unused = [
  '@fastify/ajv-compiler',
  '@fastify/fast-json-stringify-compiler',
  '@opentelemetry/api',
  'light-my-request',
  'semver',
];

/**
 * Bundles the product into `folder`: the entries at the same paths as in src, and chunks that they share or load lazily.
 * All entries are one graph, so every module exists once in a process, whichever entry reaches it first.
 * @param {string} folder
 * @returns esbuild's list of the files and of what is in them
 */
async function bundleProduct(folder) {
  const { build } = require('esbuild');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [...entries, ...unpublished].map((entry) => join('src', `${entry}.ts`)),
    outbase: 'src',
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    external,
    preserveSymlinks: true,
    sourcemap: true,
    sourcesContent: false,
    legalComments: 'none',
    minifyWhitespace: true,
    minifySyntax: true,
    write: false,
    metafile: true,
    logLevel: 'silent',
    define: { 'import.meta.url': 'modelyardModuleUrl' },
    plugins: [moduleUrls, withoutUnused, nodeModules, lazyLocales],
  });
  const texts = new Map(outputFiles.map(({ path, text }) => [path, text]));
  for (const [path, text] of texts) {
    if (path.endsWith('.map')) continue;
    const line = preludeOf(text, { folder, path });
    const map = JSON.parse(texts.get(`${path}.map`));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, withFirstLine(text, line));
    // In a source map every ';' ends a line of the file.
    const mappings = `${line === '' ? '' : ';'}${map.mappings}`;
    writeFileSync(`${path}.map`, JSON.stringify({ ...map, mappings }));
  }
  return metafile;
}

/** Makes `import.meta.url` the URL that the module would have in dist on its own. */
const moduleUrls = {
  name: 'modelyard-module-urls',
  setup({ onLoad }) {
    const source = join(root, 'src');
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (!path.startsWith(source + sep)) return undefined;
      const text = readFileSync(path, 'utf8');
      if (!text.includes('import.meta.url')) return undefined;
      const name = relative(source, path).replaceAll(sep, '/').replace(/ts$/, 'js');
      const url = `const modelyardModuleUrl = new URL(${JSON.stringify(name)}, modelyardDist).href;`;
      return { contents: `${url} ${text}`, loader: 'ts' };
    });
  },
};

const withoutUnused = {
  name: 'modelyard-without-unused',
  setup({ onResolve, onLoad }) {
    const filter = new RegExp(`^(${unused.join('|')})$`);
    onResolve({ filter }, ({ path }) => ({ path, namespace: 'unused' }));
    onLoad({ filter: /.*/, namespace: 'unused' }, ({ path }) => ({
      contents: `module.exports = new Proxy({}, { get() { throw new Error(${JSON.stringify(`${path} is not in the build`)}); } });`,
    }));
  },
};

/** CommonJS packages load Node's own modules with `require`, which ES modules lack. */
const nodeModules = {
  name: 'modelyard-node-modules',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^[\w:/]+$/ }, ({ kind, path }) =>
      kind === 'require-call' && isBuiltin(path) ? { path, namespace: 'node' } : undefined,
    );
    onLoad({ filter: /.*/, namespace: 'node' }, ({ path }) => ({
      contents: `module.exports = process.getBuiltinModule(${JSON.stringify(path)});`,
    }));
  },
};

/**
 * Zod's messages in other languages are half of its size. A project can use them: they are loaded from the package when
 * one is asked for.
 */
const lazyLocales = {
  name: 'modelyard-lazy-locales',
  setup({ onLoad }) {
    onLoad({ filter: /[\\/]zod[\\/]v4[\\/]locales[\\/]index\.js$/ }, ({ path }) => {
      const names = [...readFileSync(path, 'utf8').matchAll(/default as (\w+)/g)].map(([, name]) => name);
      const others = names.filter((name) => name !== 'en');
      return {
        contents: [
          `export { default as en } from './en.js';`,
          `const { createRequire } = process.getBuiltinModule('node:module');`,
          `const load = (name) => createRequire(new URL('index.js', modelyardDist))('zod/v4/locales')[name]();`,
          ...others.map((name) => `export const ${name} = () => load('${name}');`),
        ].join('\n'),
      };
    });
  },
};

/** What `modelyardDist` means in the file at `path`. */
function preludeOf(text, { folder, path }) {
  if (!/\bmodelyardDist\b/.test(text)) return '';
  const toDist = `${relative(dirname(path), folder).replaceAll(sep, '/') || '.'}/`;
  return `const modelyardDist = new URL(${JSON.stringify(toDist)}, import.meta.url);`;
}

/** Below the line that says which program runs the file, where there is one. */
function withFirstLine(text, line) {
  if (line === '') return text;
  const [, shebang = '', rest] = /^(#!.*\n)?([^]*)$/.exec(text);
  return `${shebang}${line}\n${rest}`;
}

module.exports = { bundleProduct, entries, unpublished };
