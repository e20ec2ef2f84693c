'use strict';

const { createHash } = require('node:crypto');
const { readdirSync, readFileSync } = require('node:fs');
const { join } = require('node:path');

const folders = ['src', 'web'];
const notBuilt = /\.(test|test-d|contract|fixture)\.tsx?$/;
const single = /^(tsconfig.*\.json|package\.json|package-lock\.json)$/;

/** SHA-256 over the names and bytes of all that the build reads: src, web, the compiler's options and the packages. */
function sourceDigest(root) {
  const digest = createHash('sha256');
  for (const file of filesOf(root)) {
    const bytes = readFileSync(join(root, file));
    digest.update(`${file}\0${bytes.length}\0`).update(bytes);
  }
  return digest.digest('hex');
}

function filesOf(root) {
  const inFolders = folders.flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) =>
        join(entry.parentPath, entry.name)
          .slice(root.length + 1)
          .replaceAll('\\', '/'),
      )
      .filter((file) => !notBuilt.test(file) && !file.includes('/node_modules/')),
  );
  const beside = readdirSync(root).filter((file) => single.test(file));
  return [...inFolders, ...beside, 'scripts/parts/bundle.cjs', 'scripts/parts/dist.cjs'].toSorted((a, b) =>
    a < b ? -1 : 1,
  );
}

module.exports = { sourceDigest };
