import { expect, test } from 'vitest';
import { artifactPath, baseName, joinPaths, pathWithin, rootPath } from './path.ts';

const refused = [
  '../x',
  '..\\x',
  '%2e%2e/',
  '%252e%252e%252f',
  '%25252e%25252e%25252fx',
  '%252E%252E%252F%252E%252E%252Fcanary',
  '..%2f..%2fetc%2fpasswd',
  '..%c0%af',
  '%c0%ae%c0%ae/x',
  '....//',
  '.../x',
  '/abs',
  '//abs',
  '%2fabs',
  'C:\\x',
  'c:/x',
  'C%3A/x',
  '\\\\host\\share',
  'a/../../x',
  'a/./x',
  './x',
  '.',
  '..',
  'a/..',
  'a%00.txt',
  'a\0.txt',
  'a?b',
  'a%3Fb',
  'a#b',
  'a%23b',
  'a//b',
  'a/ /b',
  '/',
  'a\r\nb',
  'file:/etc/passwd',
  'FILE:///etc/passwd',
  's3://bucket/x',
  `${'n'.repeat(4096)}`,
  `${'d/'.repeat(2100)}x`,
  'n'.repeat(256),
  `x${'%25'.repeat(1)}${'25'.repeat(20)}41`,
  '\ud800',
];

test.each(refused)('%j is refused', (path) => {
  expect(() => artifactPath(path)).toThrowError(
    expect.objectContaining({ code: 'INPUT_INVALID', detail: expect.objectContaining({ field: 'path' }) }),
  );
});

test.each([
  '1/218c0b85/artifacts/d/a.txt',
  'a;b/c;jsessionid=1',
  '~/x',
  'CON',
  'trailing.',
  'trailing ',
  'caf\u00e9',
  'cafe\u0301',
  '100%',
  '100%25',
  'a%20b',
  'loss: first.json',
  'a:b.txt',
  'd/a:b.txt',
  'C:x',
  'a:',
  ':a',
  'a::b',
  'x:y/z',
  'abc:/x',
  'a%3Ab',
  '..hidden',
  'x..',
  '模型/वज़न.bin',
  'n'.repeat(255),
])('%j keeps its name', (path) => {
  expect(artifactPath(path)).toBe(path);
});

test('one closing slash is left out, and nothing is the root', () => {
  expect(artifactPath('model/')).toBe('model');
  expect(artifactPath('')).toBe(rootPath);
  expect(() => artifactPath('model//')).toThrowError('has an empty name');
});

test('paths are put together and taken apart', () => {
  const [folder, file] = [artifactPath('1/models'), artifactPath('data/a.txt')];
  expect(joinPaths(folder, file)).toBe('1/models/data/a.txt');
  expect(joinPaths(rootPath, file)).toBe('data/a.txt');
  expect(joinPaths(folder, rootPath)).toBe('1/models');
  expect(baseName(file)).toBe('a.txt');
  expect(baseName(artifactPath('a.txt'))).toBe('a.txt');
  expect(pathWithin(folder, joinPaths(folder, file))).toBe('data/a.txt');
  expect(pathWithin(folder, folder)).toBe('');
  expect(pathWithin(folder, artifactPath('1/models-other/x'))).toBeUndefined();
  expect(pathWithin(rootPath, file)).toBe(file);
});
