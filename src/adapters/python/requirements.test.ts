import { expect, test } from 'vitest';
import { PlatformError } from '../../kernel/errors.ts';
import { parseRequirements } from './requirements.ts';

const parse = (line: string): readonly string[] => parseRequirements([line], 'MODEL_UNSUPPORTED');

test.each([
  'mlflow==3.12.0',
  'numpy',
  'ruamel.yaml>=0.17,<0.19',
  'torch==2.4.0+cpu',
  'a==1!2.0.post1',
  'requests[security, socks] ~= 2.31',
  'pandas (>=2, <3)',
  'backports-zoneinfo==0.2.1; python_version < "3.9"',
  "pywin32==306 ; sys_platform == 'win32' and (python_version >= '3.8' or 'arm' not in platform_machine)",
])('%s is a package', (line) => {
  expect(parse(line)).toEqual([line]);
});

test('runs of spaces are one space', () => {
  expect(parse(`numpy${' '.repeat(1500)}==${'\t '.repeat(100)}1 ;  python_version  not   in "3.9"`)).toEqual([
    'numpy == 1 ; python_version not in "3.9"',
  ]);
});

test('a line longer than 2,000 characters is refused, however long its comment may be', () => {
  expect(parse(`numpy # ${'-'.repeat(5000)}`)).toEqual(['numpy']);
  expect(() => parse(`numpy${' '.repeat(200_000)}!`)).toThrow(
    'line 1 of requirements.txt must have at most 2,000 characters',
  );
});

// A pattern that backtracks over such a line takes seconds each time, more than a test may.
test.each([
  ['spaces', `numpy${' '.repeat(1990)}!`],
  ['names', `${'a.'.repeat(990)}!`],
  ['extras', `a[${'b, '.repeat(600)}!`],
  ['versions', `a==1${', ==1'.repeat(390)}!`],
  ['digits', `a==${'1'.repeat(1900)}{`],
  ['markers', `a; b<c${' and b<c'.repeat(240)}!`],
  ['brackets', `a; ${'( '.repeat(900)}!`],
])('a long line of %s is refused', (_case, line) => {
  for (let round = 0; round < 200; round += 1) expect(() => parse(line)).toThrow('PEP 508');
});

test('comments and blank lines are skipped, and the packages are sorted without repetition', () => {
  const lines = ['# of the model', 'b==1  # the newest', '', '  a==1', 'a==1', '\t'];
  expect(parseRequirements(lines, 'MODEL_UNSUPPORTED')).toEqual(['a==1', 'b==1']);
});

test.each([
  ['-r other.txt', 'no options'],
  ['--index-url https://evil.example/simple', 'no options'],
  ['-e .', 'no options'],
  ['numpy==1 --config-settings=a=b', 'no options'],
  ['numpy==1 ; python_version > "3" --no-build-isolation', 'no options'],
  ['numpy==1 ; python_version > "3 --pre"', 'no options'],
  ['numpy==1 --hash=sha256:00', 'no options'],
  ['git+https://evil.example/a.git', 'no address'],
  ['a @ https://evil.example/a.whl', 'no address'],
  ['a@file:///tmp/a', 'no address'],
  ['https://evil.example/a.tar.gz', 'no address'],
  ['./a', 'no path'],
  ['/tmp/a-1.0-py3-none-any.whl', 'no path'],
  ['a-1.0-py3-none-any.whl', 'no path'],
  ['a.tar.gz', 'no path'],
  ['a.zip==1', 'no path'],
  ['..', 'no path'],
  ['~/a', 'no path'],
  ['a\\b', 'no path'],
  ['numpy==1 \\', 'one line'],
  ['a==${SECRET}', 'PEP 508'],
  ['a; python_version > "${SECRET}"', 'PEP 508'],
  ['a b', 'PEP 508'],
  ['a==', 'PEP 508'],
  ['$(id)', 'PEP 508'],
  ['numpy==1;', 'PEP 508'],
  ['numpy\u00002', 'PEP 508'],
  ['numpy==1\rrequests', 'PEP 508'],
])('%j is refused: must have %s', (line, why) => {
  expect(() => parseRequirements(['a==1', line], 'MODEL_UNSUPPORTED')).toThrow(PlatformError);
  expect(() => parseRequirements(['a==1', line], 'MODEL_UNSUPPORTED')).toThrow(why);
  expect(() => parseRequirements(['a==1', line], 'MODEL_UNSUPPORTED')).toThrow('line 2 of requirements.txt');
});
