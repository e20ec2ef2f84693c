'use strict';

const { existsSync, mkdtempSync, readFileSync, rmSync } = require('node:fs');
const { tmpdir } = require('node:os');
const { join } = require('node:path');
const { ensureBuilt } = require('../parts/dist.cjs');
const { faultTable } = require('../parts/fault-table.cjs');
const { ensureInstalled } = require('../parts/install.cjs');
const { printPart, printSum } = require('../parts/report.cjs');
const { runTests } = require('../parts/vitest.cjs');

/** Runs the tests of test/faults and prints what each tried and lost: `[--short] [part of a file's path …]`. */
async function run(words) {
  await ensureInstalled();
  await ensureBuilt();
  const folder = mkdtempSync(join(tmpdir(), 'modelyard-faults-'));
  try {
    const table = join(folder, 'table.jsonl');
    const short = words.includes('--short');
    const env = { MODELYARD_FAULTS_TABLE: table, ...(short && { MODELYARD_FAULTS_SHORT: '1' }) };
    const files = words.filter((word) => word !== '--short');
    const part = {
      name: `faults${short ? ', short' : ''}`,
      ...(await runTests('vitest.faults.config.ts', { files, env })),
    };
    const rows = existsSync(table) ? readFileSync(table, 'utf8').trim().split('\n') : [];
    process.stdout.write(faultTable(rows.map((row) => JSON.parse(row))));
    printPart(part);
    return printSum([part]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = run;
