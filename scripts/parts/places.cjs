'use strict';

const { readFileSync } = require('node:fs');
const { join, resolve } = require('node:path');

const root = resolve(__dirname, '..', '..');

/** The file that a dependency runs as `name`; node starts it on every system, unlike the links in .bin. */
function toolPath(dependency, name = dependency) {
  const folder = join(root, 'node_modules', dependency);
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  return join(folder, typeof bin === 'string' ? bin : bin[name]);
}

module.exports = { root, toolPath };
