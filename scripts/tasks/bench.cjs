'use strict';

const { join } = require('node:path');
const { pathToFileURL } = require('node:url');
const { ensureBuilt } = require('../parts/dist.cjs');
const { ensureInstalled } = require('../parts/install.cjs');
const { root } = require('../parts/places.cjs');

/** Measures the built product beside a peer: `npm run bench -- <name> [--quick] [--json FILE]`. */
async function run(words) {
  await ensureInstalled();
  await ensureBuilt();
  const { tsImport } = await import('tsx/esm/api');
  const { bench } = await tsImport(pathToFileURL(join(root, 'bench', 'main.ts')).href, __filename);
  return bench(words);
}

module.exports = run;
