import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { csvText } from '../csv-text.fixture.ts';
import { flagText, withBlanks } from './flag-text.ts';
import { formatFound } from './format-found.ts';
import { drafted } from '../drafts.fixture.ts';
import { csvFile } from '../read-csv.ts';

const odd = [
  'size, net',
  "it's",
  'a "b"',
  '$HOME',
  '`id`',
  '*',
  '-x',
  'a  b',
  'back\\',
  '~',
  'größe',
  'x#1',
  '#',
];
const written = (flag: string, values: readonly string[]): string => withBlanks(flagText(flag, values));

/** The arguments that a shell makes of a text. */
function argumentsOf(text: string): readonly string[] {
  const { stdout } = spawnSync('sh', ['-c', `printf '%s\\0' ${text}`], { encoding: 'utf8' });
  return stdout.split('\0').slice(0, -1);
}

test.each(odd)('the shell gives %j back', (name) => {
  const text = written('--without', [name]);
  expect(
    argumentsOf(text)
      .join('\n')
      .replace(/^--without[=\n]/, ''),
  ).toBe(name);
});

test('plain names share a flag, however many they are, and others have one each', () => {
  const many = Array.from({ length: 45 }, (_, at) => `c${at}`);
  expect(written('--without', many)).toBe(`--without ${many.join(',')}`);
  expect(written('--without', ['a', 'b c'])).toBe("--without a --without 'b c'");
  expect(written('--missing', ['-999'])).toBe('--missing=-999');
});

test('a line of a note is not broken within a flag', () => {
  const name = `a name with many ${'blanks '.repeat(20)}in it`;
  const line = (index: number): string =>
    `${2 * ((index * 7) % 31) + 1},${index % 7},${((index * 7) % 31) + 0.5}`;
  const header = `"${name}",b,price`;
  const found = drafted(header, line);
  const csv = csvFile('sales.csv', csvText(header, line));
  expect(formatFound({ csv, drafted: found, columns: 60 })).toContain(`'${name}'`);
});

const main = fileURLToPath(new URL('../../main.ts', import.meta.url));

test.each([
  ['commas and blanks', ['size, net', 'size, gross']],
  ['quotes and dollars', ["it's $HOME", 'a "b"', '`id`']],
  ['a hyphen first, and a star', ['-x', '*']],
])('the flag of names with %s leaves these columns out when it is pasted', (_, names) => {
  const folder = mkdtempSync(join(tmpdir(), 'modelyard-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const header = [...names, 'b', 'price'].map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
  const line = (index: number): string =>
    [...names.map((__, at) => (index * (at + 3)) % 11), index % 5, ((index * 7) % 31) + 0.5].join(',');
  writeFileSync(join(folder, 'sales.csv'), csvText(header, line));
  const command = `node --import "$TSX" "$MAIN" init houses --csv sales.csv --json ${written('--without', names)}`;
  const { stdout, stderr } = spawnSync('sh', ['-c', command], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, MAIN: main, TSX: import.meta.resolve('tsx') },
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toMatchObject({ features: ['b'], target: 'price' });
});
