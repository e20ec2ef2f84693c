'use strict';

/* ES5 only, like the scripts that call it: what needs a newer Node is loaded after the version is known. */

var whyNodeWillNotDo = require('./node-version.cjs');

/**
 * Runs a task of `tasks/` with the words after the script's name, unless Node is too old for it.
 * @param {() => (words: string[]) => Promise<number | void>} load requires the task, which gives the exit code
 */
module.exports = function entry(load) {
  var why = whyNodeWillNotDo(process.version);
  if (why !== undefined) {
    process.stderr.write(why + '\n');
    process.exitCode = 1;
    return;
  }
  load()(process.argv.slice(2)).then(exitWith, fail);
};

function exitWith(code) {
  if (code !== undefined) process.exitCode = code;
}

function fail(error) {
  process.stderr.write((error.name === 'Stop' ? error.message : error.stack) + '\n');
  process.exitCode = 1;
}
