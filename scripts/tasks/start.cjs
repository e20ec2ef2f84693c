'use strict';

const { join, relative } = require('node:path');
const { pathToFileURL } = require('node:url');
const { ensureBuilt, main } = require('../parts/dist.cjs');
const { ensureInstalled } = require('../parts/install.cjs');
const { root } = require('../parts/places.cjs');

/**
 * Becomes `node dist/cli/main.js dev --project examples/t20-score` with the words given. It goes on in this process, so
 * that a signal or an exit code reaches the product or the caller without a go-between.
 */
async function run(words) {
  await ensureInstalled();
  await ensureBuilt();
  const example = relative(process.cwd(), join(root, 'examples', 't20-score')) || '.';
  process.argv = [process.execPath, main, 'dev', '--project', example, ...words];
  await import(pathToFileURL(main).href);
}

module.exports = run;
