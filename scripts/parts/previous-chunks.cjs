'use strict';

const { copyFileSync, existsSync, mkdirSync } = require('node:fs');
const { dirname, join, relative, sep } = require('node:path');
const { entries } = require('./bundle.cjs');
const { importsBelow } = require('./imports-below.cjs');

/**
 * Copies the chunks of one build into the next, so that a process that runs from the old one can still load its lazy
 * parts. Chunks that the old build had copied itself are left behind.
 * @param {string} from the dist folder of the old build
 * @param {string} to the folder of the new one
 */
function keepPreviousChunks(from, to) {
  const files = new Set(
    entries
      .map((entry) => join(from, `${entry}.js`))
      .filter((file) => existsSync(file))
      .flatMap((file) => importsBelow(file).files)
      .map((file) => relative(from, file))
      .filter((file) => file.startsWith(`chunks${sep}`)),
  );
  for (const file of files) {
    if (existsSync(join(to, file)) || !existsSync(join(from, file))) continue;
    mkdirSync(dirname(join(to, file)), { recursive: true });
    copyFileSync(join(from, file), join(to, file));
  }
}

module.exports = { keepPreviousChunks };
