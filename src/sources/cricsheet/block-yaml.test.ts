import { expect, test } from 'vitest';
import { readBlockYaml } from './block-yaml.ts';
import { asYaml, overOf } from './match.fixture.ts';
import { readAnyYaml, readYaml } from './yaml.ts';

test.each([
  [
    'text stays text',
    'a: 1\nb: 2030-01-01\nc: yes\nd: 0.10\n',
    { a: '1', b: '2030-01-01', c: 'yes', d: '0.10' },
  ],
  ['lists under their key and further in', 'a:\n- x\n- y\nb:\n    - z\n', { a: ['x', 'y'], b: ['z'] }],
  [
    'lists of mappings',
    '- 0.1:\n    a: 1\n- 0.1:\n    a: 2\n',
    [{ '0.1': { a: '1' } }, { '0.1': { a: '2' } }],
  ],
  [
    'items of many keys',
    'w:\n  -   p: A\n      k: caught\n  - p: B\n    f:\n    - C\n',
    {
      w: [
        { p: 'A', k: 'caught' },
        { p: 'B', f: ['C'] },
      ],
    },
  ],
  ['nothing', "a:\nb: ~\nc: null\nd: ''\ne: '~'\n", { a: null, b: null, c: null, d: '', e: '~' }],
  [
    'quotes',
    `a: 'O''Hara'\nb: "x: y"\nc: Lord's\nd: 'a, b'\n`,
    { a: "O'Hara", b: 'x: y', c: "Lord's", d: 'a, b' },
  ],
  [
    'colons and dashes inside',
    'a: 10:30\nb: x-y - z\nc: Stormont (A)\nd e: f\n',
    { a: '10:30', b: 'x-y - z', c: 'Stormont (A)', 'd e': 'f' },
  ],
  ['blank lines and spaces at ends', '---\na: 1  \n\n  \nb: 2', { a: '1', b: '2' }],
  [
    'a key that comes again',
    'w:\n  k: 1\nw:\n  k: 2\nw:\n  k: 3\n',
    { w: [{ k: '1' }, { k: '2' }, { k: '3' }] },
  ],
])('reads %s, as the whole reader does', (_what, text, tree) => {
  expect(readBlockYaml(text)).toEqual(tree);
  expect(readAnyYaml(text, 'a.yaml')).toEqual(tree);
});

test.each([
  ['flow style', 'a: [x, y]\nb: {c: d}\n', { a: ['x', 'y'], b: { c: 'd' } }],
  ['folded text', 'a: >-\n  x\n  y\n', { a: 'x y' }],
  ['text over lines', 'a: x\n  y\nb: z\n', { a: 'x y', b: 'z' }],
  ['escapes', 'a: "\\u00e9"\n', { a: 'é' }],
  ['comments', 'a: x # no\n# no\nb: y\n', { a: 'x', b: 'y' }],
  ['quoted keys', "'0.1': a\n", { '0.1': 'a' }],
  ['line ends of Windows', 'a: x\r\nb:\r\n  - y\r\n', { a: 'x', b: ['y'] }],
  ['items on a line of their own', 'a:\n-\n  b: c\n', { a: [{ b: 'c' }] }],
  ['lists in lists', '- - a\n  - b\n', [['a', 'b']]],
  ['a document end', 'a: x\n...\n', { a: 'x' }],
])('leaves %s to the whole reader', (_what, text, tree) => {
  expect(readBlockYaml(text)).toBeUndefined();
  expect(readYaml(text, 'a.yaml')).toEqual(tree);
});

test.each([
  ['a: &x 1\nb: *x\n', /an alias/],
  ['__proto__:\n  a: 1\n', /an invalid key/],
  ['a: 1\n b: 2\n', /bad data: .*\(a\.yaml: /s],
  ['a: [1\n', /bad data: .*\(a\.yaml: /s],
  ['a: 1\n---\nb: 2\n', /bad data: .*\(a\.yaml: /s],
  ['a:\n\t- x\n', /bad data: .*\(a\.yaml: /s],
])('refuses %j and names the file', (text, says) => {
  expect(() => readYaml(text, 'a.yaml')).toThrow(says);
});

test('both readers agree on a whole match, and only the fast one is needed', () => {
  const text = asYaml({
    venue: "King's Mead, Fairhaven",
    innings: [
      {
        team: 'Northmark',
        balls: [...overOf(0, 12), { over: 1, wickets: ['run out', 'run out'] }],
        absentHurt: ['A Batter'],
      },
      {
        team: 'Southmark',
        balls: [{ over: 0, extras: { wides: 1, penalty: 5 }, wickets: ['stumped'] }],
        penaltyRuns: { pre: 5 },
      },
    ],
  });
  const tree = readBlockYaml(text);
  expect(tree).toBeDefined();
  expect(tree).toEqual(readAnyYaml(text, 'a.yaml'));
});
