'use strict';

const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { missingPlatforms } = require('../parts/locked-platforms.cjs');
const { root } = require('../parts/places.cjs');

/** Adds to package-lock.json what `npm install` left out of it for machines other than this one. */
async function run() {
  const file = join(root, 'package-lock.json');
  const lock = JSON.parse(readFileSync(file, 'utf8'));
  const missing = missingPlatforms(lock);
  const paths = Object.entries({ ...lock.packages, ...missing }).toSorted(([a], [b]) =>
    a.localeCompare(b, 'en'),
  );
  writeFileSync(
    `${file}.new`,
    `${JSON.stringify({ ...lock, packages: Object.fromEntries(paths) }, undefined, 2)}\n`,
  );
  renameSync(`${file}.new`, file);
  process.stderr.write(
    `Added to package-lock.json: ${Object.keys(missing).length} packages for other machines.\n`,
  );
}

module.exports = run;
