'use strict';

const { readFileSync, readdirSync } = require('node:fs');
const { isBuiltin } = require('node:module');
const { join } = require('node:path');
const { entries, unpublished } = require('../parts/bundle.cjs');
const { ensureBuilt } = require('../parts/dist.cjs');
const { importsBelow } = require('../parts/imports-below.cjs');
const { ensureInstalled } = require('../parts/install.cjs');
const { root } = require('../parts/places.cjs');
const { run: runProgram } = require('../parts/processes.cjs');
const { printPart, printSum } = require('../parts/report.cjs');
const { Stop } = require('../parts/stop.cjs');

const wanted = [
  'LICENSE',
  'README.md',
  ...entries.flatMap((entry) => [`dist/${entry}.js`, `dist/${entry}.js.map`]),
  'dist/index.d.ts',
  'dist/sources/index.d.ts',
  'dist/client/index.d.ts',
  'dist/web/index.html',
  ...pythonFiles(),
];
const unwanted =
  /(?<!\.d)\.tsx?$|\.(test|test-d|contract|fixture)\.|^(?!dist\/|python\/(?!tests\/).*\.py$|package\.json$|[A-Z]+(\.md)?$)|\/\.build$/;

/** Checks the package as `npm pack` makes it: which files go out, what they import, and whether others can import them. */
async function run() {
  await ensureInstalled();
  await ensureBuilt();
  const parts = [await checkFiles(), checkDependencies(), checkBrowser(), await checkImports()];
  parts.forEach(printPart);
  return printSum(parts);
}

async function checkFiles() {
  const words = ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'];
  const { code, output, seconds } = await runProgram('npm', words, { shell: process.platform === 'win32' });
  if (code !== 0) throw new Stop(`npm pack failed:\n${output}`);
  const [{ files }] = JSON.parse(output.slice(output.indexOf('[')));
  const paths = files.map(({ path }) => path);
  const missing = wanted.filter((path) => !paths.includes(path)).map((path) => `missing: ${path}`);
  const excess = paths
    .filter((path) => unwanted.test(path) || unpublished.some((entry) => path.startsWith(`dist/${entry}.`)))
    .map((path) => `does not belong: ${path}`);
  return part(
    `${paths.length} files of the package`,
    [...missing, ...excess, ...resetFaults(paths)],
    seconds,
  );
}

/** The Python that the product runs: all below `python/` but its tests. */
function pythonFiles() {
  return readdirSync(join(root, 'python'), { recursive: true })
    .map((path) => `python/${path.replaceAll('\\', '/')}`)
    .filter((path) => path.endsWith('.py') && !path.startsWith('python/tests/'));
}

/** The endpoint that empties a server under test is in a build from a clone, and in no file of the package. */
function resetFaults(paths) {
  const hasReset = (path) => readFileSync(join(root, path), 'utf8').includes('/test/reset');
  const packed = paths.filter((path) => /^dist\/(?!web\/).*\.(js|map)$/.test(path) && hasReset(path));
  const built = unpublished.some((entry) => hasReset(`dist/${entry}.js`));
  return [
    ...packed.map((path) => `has /test/reset: ${path}`),
    ...(built ? [] : ['the build has no /test/reset, so nothing was checked']),
  ];
}

/** Every package that the bundles leave outside is installed with ours. */
function checkDependencies() {
  const { dependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const outside = new Set(
    entries.flatMap((entry) => importsBelow(join(root, 'dist', `${entry}.js`)).outside),
  );
  const packages = [...outside].filter((name) => !isBuiltin(name)).map(packageOf);
  const faults = packages.filter((name) => !Object.hasOwn(dependencies, name));
  if (packages.length === 0) faults.push('no import of a package was found, so nothing was checked');
  return part(
    `${packages.length} packages that the product imports`,
    faults.map((name) => `not a dependency: ${name}`),
    0,
  );
}

/** The client runs in browsers: nothing that it loads may import a module of Node or a package. */
function checkBrowser() {
  const { files, outside } = importsBelow(join(root, 'dist', 'client', 'index.js'));
  return part(
    `${files.length} files of the client`,
    outside.map((name) => `imports ${name}, which a browser lacks`),
    0,
  );
}

/** '@aws-sdk/client-s3' of '@aws-sdk/client-s3/x', 'zod' of 'zod/v4'. */
function packageOf(name) {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

async function checkImports() {
  const { publint } = await import('publint');
  const { formatMessage } = await import('publint/utils');
  const started = process.hrtime.bigint();
  const { messages, pkg } = await publint({ pkgDir: root, strict: true, pack: 'npm' });
  const said = messages.map((message) => formatMessage(message, pkg, { color: false }) ?? message.code);
  return part('imports of the package', said, Number(process.hrtime.bigint() - started) / 1e9);
}

function part(name, faults, seconds) {
  const failed = faults.length > 0 ? 1 : 0;
  return { name, passed: 1 - failed, failed, seconds, output: faults.join('\n') };
}

module.exports = run;
