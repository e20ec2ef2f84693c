'use strict';

const { createHash } = require('node:crypto');
const { existsSync, readFileSync, writeFileSync } = require('node:fs');
const { join } = require('node:path');

const stampOf = (folder) => join(folder, 'node_modules', '.modelyard-install');

/**
 * What an installation is good for: a lock file and a kind of machine. Node's ABI number stands for its version, so that
 * a patch of Node installs nothing again.
 */
function wantedStamp(folder) {
  const lock = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json')));
  const machine = `${process.platform}-${process.arch}-node-abi-${process.versions.modules}`;
  return { lock: lock.digest('hex'), machine };
}

/** Notes that node_modules holds what the lock file says. */
function stampInstalled(folder) {
  writeFileSync(stampOf(folder), `${JSON.stringify(wantedStamp(folder))}\n`);
}

/**
 * Whether node_modules is what the lock file asks for, here: our stamp says so, or npm's own record of what it put there
 * does (after `npm install` or `npm ci` by hand), which is then stamped.
 */
function isInstalled(folder) {
  if (!existsSync(join(folder, 'node_modules'))) return false;
  const wanted = wantedStamp(folder);
  const found = readJson(stampOf(folder));
  if (found?.lock === wanted.lock && found.machine === wanted.machine) return true;
  if (found !== undefined && found.machine !== wanted.machine) return false;
  if (!npmInstalledIt(folder)) return false;
  stampInstalled(folder);
  return true;
}

/**
 * Whether npm's record names every package of the lock file, each in its folder. Npm leaves out optional ones that do not
 * fit the machine; one that is there and does not fit came with a folder copied from another machine.
 */
function npmInstalledIt(folder) {
  const lock = readJson(join(folder, 'package-lock.json'));
  const record = readJson(join(folder, 'node_modules', '.package-lock.json'));
  if (lock === undefined || record === undefined) return false;
  return Object.entries(lock.packages).every(([path, wanted]) => {
    if (path === '') return true;
    const there = record.packages[path];
    if (there === undefined) return wanted.optional === true;
    const same = there.version === wanted.version && there.integrity === wanted.integrity;
    return same && fitsThisMachine(wanted) && existsSync(join(folder, path));
  });
}

function fitsThisMachine({ os, cpu }) {
  return allows(os, process.platform) && allows(cpu, process.arch);
}

/** npm's lists: names that are allowed, or names with '!' that are not. */
function allows(list, value) {
  if (list === undefined) return true;
  return list.includes(value) || (list.every((name) => name.startsWith('!')) && !list.includes(`!${value}`));
}

/** Undefined for a file that is absent or cut short: both mean that there is nothing to trust. */
function readJson(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined;
    throw error;
  }
}

module.exports = { isInstalled, stampInstalled };
