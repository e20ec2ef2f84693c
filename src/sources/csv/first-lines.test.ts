import { expect, test } from 'vitest';
import { firstLines } from './first-lines.ts';
import { sniffCsv } from './sniff.ts';

const read = (text: string): string => firstLines(Buffer.from(text), 'utf-8', 'a.csv');

test('a short file is read whole, also without a line end', () => {
  expect(read('a,b\n1,2')).toBe('a,b\n1,2\n');
});

test('of a long file the first lines are read, and no part of one', () => {
  const line = 'ä,2,3\n';
  const lines = read(line.repeat(100_000));
  expect(lines.length).toBeLessThanOrEqual(1 << 18);
  expect(lines.length + line.length).toBeGreaterThan(1 << 18);
  expect(lines.endsWith('3\n')).toBe(true);
});

test.each([
  ['a header that is longer than the rest', 20_000, 5],
  ['many long lines', 20_000, 40],
  ['a few lines in several pieces', 60_000, 12],
])('%s is read', (_case, width, rows) => {
  const names = Array.from({ length: width }, (_, column) => `expression of gene ${column}`);
  const row = Array.from({ length: width }, (_, column) => `${column % 7}.5`).join(';');
  const text = `${names.join(';')}\n${`${row}\n`.repeat(rows)}`;
  const sniffed = sniffCsv(Buffer.from(text), { file: 'genes.csv' });
  expect(sniffed.names).toEqual(names);
  expect(sniffed.format).toMatchObject({ delimiter: ';', header: true });
  expect([...sniffed.records()]).toHaveLength(rows);
});

test('a file with too many columns is refused by their number', () => {
  const line = Array.from({ length: 70_000 }, (_, column) => `c${column}`).join(',');
  const text = `${line}\n`.repeat(3);
  expect(() => sniffCsv(Buffer.from(text), { file: 'wide.csv' })).toThrow('more than 65,536 fields');
});
