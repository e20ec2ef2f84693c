import { expect, test } from 'vitest';
import type { ImportReport } from '../../exchange/import/report.ts';
import { formatImport } from './format-import.ts';

const none = { new: 0, updated: 0 };

const report: ImportReport = {
  source: 'http://theirs',
  import: 2,
  isResumed: true,
  milliseconds: 61_000,
  imported: {
    experiment: { new: 1, updated: 2 },
    run: { new: 1200, updated: 0 },
    'logged model': none,
    'registered model': { new: 0, updated: 3 },
    'model version': none,
  },
  counts: { 'metric point': 1_234_567, alias: 2, file: 4, byte: 2_500_000 },
  differences: [
    ...['a', 'b', 'c', 'd'].map((id) => ({ what: 'file', id, reason: 'it is a link' })),
    { what: 'traces', id: '', reason: 'not supported by import' },
  ],
};

test('a report counts what was imported, and groups the rest by reason', () => {
  expect(formatImport(report).split('\n')).toEqual([
    'Imported from http://theirs in 1 min 1 s, resumed after an interruption:',
    '            3 experiments (2 updated)',
    '        1,200 runs',
    '            3 registered models (updated)',
    '    1,234,567 metric points',
    '            2 aliases',
    '            4 files, 2.5 MB',
    'Skipped or changed (--json lists each one):',
    '  file: it is a link (a, b, c and 1 more)',
    '  traces: not supported by import',
  ]);
});

test('of very many reasons the first are listed', () => {
  const differences = Array.from({ length: 1041 }, (_, number) => ({
    what: 'file',
    id: 'a',
    reason: `reason ${number}`,
  }));
  const lines = formatImport({ ...report, differences }).split('\n');
  expect(lines.slice(-2)).toEqual(['  file: reason 39 (a)', '  and 1,001 more reasons']);
});

test('a report without differences has no section for them', () => {
  expect(formatImport({ ...report, differences: [] })).not.toContain('Skipped');
});
