'use strict';

/**
 * What a part came to: a line when it passed; its whole output as well when it did not.
 * @typedef {{ name: string, passed: number, failed: number, seconds: number, output: string, skipped?: string[],
 *   refused?: string[] }} Part
 */

/** @param {Part} part */
function printPart({ name, passed, failed, seconds, output, skipped = [], refused = [] }) {
  if (failed > 0) say(`\n── ${name} failed ──\n${output}\n`);
  const counts = [
    `${passed} passed`,
    failed > 0 && `${failed} failed`,
    skipped.length > 0 && `${skipped.length} skipped`,
  ];
  say(`${failed > 0 ? '✗' : '✓'} ${name}: ${counts.filter(Boolean).join(', ')} (${seconds.toFixed(1)} s)`);
  for (const test of skipped) say(`    skipped${refused.includes(test) ? ' without leave' : ''}: ${test}`);
}

/**
 * The last line of every suite, which others add up, and the exit code.
 * @param {readonly Part[]} parts
 */
function printSum(parts) {
  const sum = (field) => parts.reduce((total, part) => total + part[field], 0);
  say(`${sum('passed')} passed, ${sum('failed')} failed`);
  return sum('failed') > 0 ? 1 : 0;
}

function say(line) {
  process.stdout.write(`${line}\n`);
}

module.exports = { printPart, printSum };
