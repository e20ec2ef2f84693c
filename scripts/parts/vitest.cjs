'use strict';

const { existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join, resolve } = require('node:path');
const { root, toolPath } = require('./places.cjs');
const { runNode } = require('./processes.cjs');
const { countTests } = require('./test-counts.cjs');

/** Errors in the sources are another check's; here they would fail beside the tests. */
const typeTests = ['--typecheck', '--typecheck.ignoreSourceErrors'];

/**
 * Runs the tests of a configuration and counts them. In CI a test that is skipped without leave is a failed one.
 * @param {string} config a file in the root folder
 * @param {{ types?: boolean, files?: string[], env?: Record<string, string> }} [options] `types` checks the type tests
 * too; `files` are parts of paths, to run only those
 */
async function runTests(config, { types = false, files = [], env = {} } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'modelyard-tests-'));
  try {
    const file = join(folder, 'report.json');
    const words = [
      'run',
      ...files,
      '--config',
      config,
      '--reporter=default',
      '--reporter=json',
      `--outputFile.json=${file}`,
    ];
    const ran = await runNode([toolPath('vitest'), ...words, ...(types ? typeTests : [])], { env });
    const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
    const hasShared = existsSync(resolve(root, '..', 'shared'));
    return { ...ran, ...countTests(report, { code: ran.code, hasShared, strict: Boolean(process.env.CI) }) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { runTests };
