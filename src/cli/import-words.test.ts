import { expect, test } from 'vitest';
import type { ImportReport } from '../exchange/import/report.ts';
import { importWords } from './import-words.ts';

const none = { new: 0, updated: 0 };

const report: ImportReport = {
  source: 'http://theirs',
  import: 2,
  isResumed: true,
  milliseconds: 61_000,
  brought: {
    experiment: { new: 1, updated: 2 },
    run: { new: 1200, updated: 0 },
    'logged model': none,
    'registered model': { new: 0, updated: 3 },
    'model version': none,
  },
  counts: { 'metric point': 1_234_567, alias: 2, file: 4, byte: 2_500_000 },
  left: [
    ...['a', 'b', 'c', 'd'].map((id) => ({ what: 'file', id, why: 'it is a link' })),
    { what: 'traces', id: '', why: 'no import brings traces' },
  ],
};

test('a report for people counts what came, and tells the rest by its reasons', () => {
  expect(importWords(report).split('\n')).toEqual([
    'Brought from http://theirs in 1 min 1 s, going on with an import that was stopped:',
    '            3 experiments (2 of them here already)',
    '        1,200 runs',
    '            3 registered models (here already, brought up to date)',
    '    1,234,567 metric points',
    '            2 aliases',
    '            4 files, 2.5 MB',
    'Not brought, or not as it was (--json names each):',
    '  file: it is a link (a, b, c and 1 more)',
    '  traces: no import brings traces',
  ]);
});

test('of very many reasons the first are told', () => {
  const left = Array.from({ length: 1041 }, (_, number) => ({
    what: 'file',
    id: 'a',
    why: `reason ${number}`,
  }));
  const lines = importWords({ ...report, left }).split('\n');
  expect(lines.slice(-2)).toEqual(['  file: reason 39 (a)', '  and 1,001 reasons more']);
});

test('where all came, nothing is said of the rest', () => {
  expect(importWords({ ...report, left: [] })).not.toContain('Not brought');
});
