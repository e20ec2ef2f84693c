'use strict';

const { ensureInstalled } = require('../parts/install.cjs');
const { root, toolPath } = require('../parts/places.cjs');
const { runNode } = require('../parts/processes.cjs');
const { printPart, printSum } = require('../parts/report.cjs');
const { testFilesLeftOut } = require('../parts/test-files.cjs');
const { runTests } = require('../parts/vitest.cjs');

const checks = [
  { name: 'types', words: () => [toolPath('typescript', 'tsc'), '--noEmit'] },
  {
    name: 'types of the pages',
    words: () => [toolPath('typescript', 'tsc'), '--noEmit', '-p', 'web/tsconfig.json'],
  },
  { name: 'lint', words: () => [toolPath('oxlint'), '--type-aware', '--deny-warnings'] },
  { name: 'dead code', words: () => [toolPath('knip')] },
  {
    name: 'format',
    words: () => [
      toolPath('oxfmt'),
      '--check',
      'src',
      'test',
      'bench',
      'web',
      'examples',
      'scripts',
      'vitest.config.ts',
      'vitest.e2e.config.ts',
      'vitest.compat.config.ts',
      'vitest.faults.config.ts',
    ],
  },
];

/** Runs every check, whichever fail: the tests in one lane, which takes the longest, and the rest in another. */
async function run() {
  await ensureInstalled();
  const [tests, others] = await Promise.all([runUnitTests(), runChecks()]);
  const parts = [...tests, ...others];
  return printSum(parts);
}

async function runUnitTests() {
  const tests = { name: 'tests', ...(await runTests('vitest.config.ts', { types: true })) };
  printPart(tests);
  const leftOut = testFilesLeftOut(root, tests.files);
  const found = asCheck({
    name: 'every test file is run',
    code: leftOut.length,
    seconds: 0,
    output: `Run by no configuration:\n${leftOut.join('\n')}`,
  });
  printPart(found);
  return [tests, found];
}

async function runChecks() {
  const parts = [];
  for (const { name, words } of checks) {
    const part = asCheck({ name, ...(await runNode(words())) });
    printPart(part);
    parts.push(part);
  }
  return parts;
}

function asCheck({ name, code, seconds, output }) {
  return { name, passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, seconds, output };
}

module.exports = run;
