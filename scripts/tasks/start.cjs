'use strict';

const { existsSync, readdirSync } = require('node:fs');
const { join, relative } = require('node:path');
const { pathToFileURL } = require('node:url');
const { ensureBuilt, main } = require('../parts/dist.cjs');
const { ensureInstalled } = require('../parts/install.cjs');
const { root } = require('../parts/places.cjs');

/**
 * Becomes `node dist/cli/main.js dev --project examples/<example>` with the other arguments. It continues in this process, so
 * that a signal or an exit code reaches the product or the caller directly.
 */
async function run(args) {
  const { example, options } = readArguments(args);
  await ensureInstalled();
  await ensureBuilt();
  const project = relative(process.cwd(), join(examples, example)) || '.';
  process.argv = [process.execPath, main, 'dev', '--project', project, ...options];
  await import(pathToFileURL(main).href);
}

const examples = join(root, 'examples');

/** `npm start -- nba-games --port 5000`: an example may come first; without one it is `t20-score`. */
function readArguments([first, ...others]) {
  if (first === undefined || first.startsWith('-'))
    return { example: 't20-score', options: first === undefined ? [] : [first, ...others] };
  if (isExample(first)) return { example: first, options: others };
  const names = readdirSync(examples).filter(isExample).toSorted();
  process.stderr.write(`There is no example ${first}. Use one of: ${names.join(', ')}\n`);
  process.exit(2);
}

function isExample(name) {
  return /^[a-z0-9-]+$/.test(name) && existsSync(join(examples, name, 'modelyard.config.ts'));
}

module.exports = run;
