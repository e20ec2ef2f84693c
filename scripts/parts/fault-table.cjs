'use strict';

const columns = ['fault', 'tried', 'acknowledged', 'lost'];

/**
 * A table for people, a line a row.
 * @param {readonly { fault: string, tried: string, acknowledged: string, lost: number }[]} rows
 */
function faultTable(rows) {
  const lines = [columns, ...rows.map((row) => columns.map((column) => String(row[column])))];
  const widths = columns.map((_, index) => Math.max(...lines.map((line) => line[index].length)));
  return lines
    .map((line) => line.map((cell, index) => cell.padEnd(widths[index])).join('  '))
    .map((line) => `${line.trimEnd()}\n`)
    .join('');
}

module.exports = { faultTable };
