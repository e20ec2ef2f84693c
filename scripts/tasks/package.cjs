'use strict';

const { ensureBuilt } = require('../parts/dist.cjs');
const { ensureInstalled } = require('../parts/install.cjs');
const { root } = require('../parts/places.cjs');
const { run: runProgram } = require('../parts/processes.cjs');
const { printPart, printSum } = require('../parts/report.cjs');
const { Stop } = require('../parts/stop.cjs');

const wanted = [
  'LICENSE',
  'README.md',
  'dist/cli/main.js',
  'dist/index.js',
  'dist/index.d.ts',
  'dist/web/index.html',
];
const unwanted =
  /(?<!\.d)\.tsx?$|\.(test|test-d|contract|fixture)\.|^(?!dist\/|package\.json$|[A-Z]+(\.md)?$)|\/\.build$/;

/** Two checks of the package as `npm pack` makes it: which files go out, and whether others can import them. */
async function run() {
  await ensureInstalled();
  await ensureBuilt();
  const parts = [await checkFiles(), await checkImports()];
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
  const excess = paths.filter((path) => unwanted.test(path)).map((path) => `does not belong: ${path}`);
  return part(`${paths.length} files of the package`, [...missing, ...excess], seconds);
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
