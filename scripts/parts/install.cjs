'use strict';

const { existsSync } = require('node:fs');
const { basename, join } = require('node:path');
const { isInstalled, stampInstalled } = require('./installed.cjs');
const { root } = require('./places.cjs');
const { run } = require('./processes.cjs');
const { Stop } = require('./stop.cjs');
const { requireWritable } = require('./writable.cjs');

/** Brings node_modules to what package-lock.json says, with npm, unless it is there already. */
async function ensureInstalled() {
  if (isInstalled(root)) return;
  requireWritable(root, 'install its dependencies');
  const again = existsSync(join(root, 'node_modules'));
  process.stderr.write(
    again
      ? 'The locked dependencies changed: installing them again.\n'
      : 'Installing the dependencies; this is done once.\n',
  );
  const { code, output } = await runNpm(['ci', '--include=dev', '--no-audit', '--no-fund'], { shown: true });
  if (code === undefined) {
    throw new Stop(
      `npm did not start (${output}). It comes with Node: install Node 24 from https://nodejs.org, then run the command again.`,
    );
  }
  if (code !== 0) {
    throw new Stop(
      `npm ci ended with code ${code}, for the reason above. Mend it (most often the network or a proxy: see 'npm config get registry') and run the command again.`,
    );
  }
  stampInstalled(root);
}

/** The npm that started this script, or the one on the path. */
function runNpm(words, options) {
  const started = process.env.npm_execpath;
  if (started !== undefined && /^npm-cli\.c?js$/.test(basename(started)) && existsSync(started)) {
    return run(process.execPath, [started, ...words], options);
  }
  return run('npm', words, { ...options, shell: process.platform === 'win32' });
}

module.exports = { ensureInstalled, runNpm };
