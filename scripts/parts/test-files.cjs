'use strict';

const { existsSync, readdirSync } = require('node:fs');
const { join, relative } = require('node:path');

const folders = ['src', 'web', 'examples', 'test', 'bench'];

/**
 * Test files that no configuration runs: neither among `ran`, nor in a folder `test/<suite>` that has its own
 * `vitest.<suite>.config.ts`. A test that is never run cannot fail.
 * @param {string} root
 * @param {readonly string[]} ran absolute paths
 */
function testFilesLeftOut(root, ran) {
  const known = new Set(ran.map((file) => relative(root, file).replaceAll('\\', '/')));
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true }).map((file) => join(folder, file)),
    )
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => /\.test(-d)?\.tsx?$/.test(file) && !/\/(node_modules|\.modelyard)\//.test(file))
    .filter((file) => !known.has(file) && !hasOwnSuite(root, file));
}

function hasOwnSuite(root, file) {
  const suite = /^test\/([^/]+)\//.exec(file)?.[1];
  return suite !== undefined && existsSync(join(root, `vitest.${suite}.config.ts`));
}

module.exports = { testFilesLeftOut };
