'use strict';

const { existsSync, readFileSync } = require('node:fs');
const { dirname, resolve } = require('node:path');

/** Static and dynamic imports, as esbuild prints them with and without white space, and requires of CommonJS packages. */
const imported =
  /(?:^|[\n;}])\s*(?:import|export)(?=[\s*{"])(?:[^"'`;()]*?\bfrom)?\s*"([^"\n]+)"|\bimport\("([^"\n]+)"\)|\b__require\d*\("([^"\n]+)"\)/g;

/**
 * The built files that a built file loads at once or later, and the names of all modules outside of the build that these
 * import.
 * @param {string} entry
 * @returns {{ files: string[], outside: string[] }}
 */
function importsBelow(entry) {
  const files = new Set();
  const outside = new Set();
  const visit = (file) => {
    if (files.has(file) || !existsSync(file)) return;
    files.add(file);
    for (const [, first, second, third] of readFileSync(file, 'utf8').matchAll(imported)) {
      const name = first ?? second ?? third;
      if (name.startsWith('.')) visit(resolve(dirname(file), name));
      else outside.add(name);
    }
  };
  visit(entry);
  return { files: [...files], outside: [...outside] };
}

module.exports = { importsBelow };
