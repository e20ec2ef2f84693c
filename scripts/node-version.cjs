'use strict';

/* ES5 only: a Node that is too old must be able to read this file and say so. */

/**
 * Why the Node of this version (as in process.version: 'v20.19.0') cannot run us, in one sentence; undefined when it can.
 * The gaps between the numbers are those of the build tools: Vite has none before 22.12, Vitest none for 21 and 23.
 */
module.exports = function whyNodeWillNotDo(version) {
  var numbers = /^v(\d+)\.(\d+)/.exec(version) || [];
  var major = Number(numbers[1]);
  var minor = Number(numbers[2]);
  var advice = ' Install Node 24 from https://nodejs.org and run the command again.';
  if (!(major > 20 || (major === 20 && minor >= 19))) {
    return 'Modelyard needs Node 20.19 or newer; this is ' + version + '.' + advice;
  }
  if (major === 21 || major === 23 || (major === 22 && minor < 12)) {
    return 'Modelyard is built with Node 20.19, 22.12, 24 or newer; this is ' + version + '.' + advice;
  }
  return undefined;
};
