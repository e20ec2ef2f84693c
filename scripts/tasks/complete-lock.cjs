'use strict';

const { readFileSync, renameSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');
const { runNpm } = require('../parts/install.cjs');
const { missingPlatforms, withoutIntegrity } = require('../parts/locked-platforms.cjs');
const { root } = require('../parts/places.cjs');
const { Stop } = require('../parts/stop.cjs');

const file = join(root, 'package-lock.json');

/**
 * Gives package-lock.json a digest for every package on every platform. npm fills in most of what is missing; what it
 * still leaves out is added here, with the digest that the registry has for it.
 */
async function run() {
  const lock = readLock();
  const incomplete = withoutIntegrity(lock);
  for (const path of incomplete) delete lock.packages[path];
  if (incomplete.length > 0) writeLock(lock);
  const { code } = await runNpm(['install', '--package-lock-only', '--ignore-scripts'], { shown: true });
  if (code !== 0) throw new Stop(`npm ended with code ${code}; package-lock.json may be incomplete.`);

  const resolved = readLock();
  const missing = missingPlatforms(resolved);
  for (const [path, entry] of Object.entries(missing)) {
    resolved.packages[path] = { ...entry, integrity: await integrityOf(path, entry) };
  }
  if (Object.keys(missing).length > 0) writeLock(resolved);
  process.stderr.write(
    `package-lock.json: ${incomplete.length} entries without a digest replaced, ${Object.keys(missing).length} added by hand.\n`,
  );
}

async function integrityOf(path, { version }) {
  const name = path.slice('node_modules/'.length);
  const { code, output } = await runNpm(['view', `${name}@${version}`, 'dist.integrity']);
  const integrity = /^sha512-[A-Za-z0-9+/]+=*$/m.exec(output)?.[0];
  if (code !== 0 || integrity === undefined)
    throw new Stop(
      `The registry gave no digest for ${name}@${version}; package-lock.json is as npm left it:\n${output}`,
    );
  return integrity;
}

function readLock() {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function writeLock(lock) {
  const packages = Object.fromEntries(
    Object.entries(lock.packages).toSorted(([a], [b]) => a.localeCompare(b, 'en')),
  );
  writeFileSync(`${file}.new`, `${JSON.stringify({ ...lock, packages }, undefined, 2)}\n`);
  renameSync(`${file}.new`, file);
}

module.exports = run;
