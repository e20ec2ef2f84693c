'use strict';

const { mkdtempSync, rmdirSync } = require('node:fs');
const { join } = require('node:path');
const { Stop } = require('./stop.cjs');

/**
 * Stops when nothing can be made in `folder`: asked by making something, since a root user is told yes on a disk that
 * takes no writes.
 * @param {string} purpose what it is wanted for: 'install the dependencies'
 */
function requireWritable(folder, purpose) {
  try {
    rmdirSync(mkdtempSync(join(folder, '.writable-')));
  } catch (error) {
    throw new Stop(
      `Modelyard cannot ${purpose}: ${folder} does not take new files (${error.code}). Copy the checkout to a folder of yours, or make this one writable, and run the command again.`,
    );
  }
}

module.exports = { requireWritable };
