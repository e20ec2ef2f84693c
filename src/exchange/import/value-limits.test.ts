import { expect, test } from 'vitest';
import { point } from '../../tracking/run-stores.fixture.ts';
import { limitPoints, limitTags, limitText, limitTime, limitTimes, limitEntries } from './value-limits.ts';
import { Tally } from './tally.ts';

test.each([
  ['of the longest key', { key: 'k'.repeat(250), value: '' }, undefined],
  ['of a longer key', { key: 'k'.repeat(251), value: '' }, 'the key is longer than 250 characters'],
  ['of the longest value', { key: 'k', value: 'v'.repeat(1_000_000) }, undefined],
  [
    'of a longer value',
    { key: 'k', value: 'v'.repeat(1_000_001) },
    'the value is longer than 1000000 characters',
  ],
  ['with U+0000', { key: 'k', value: 'a\0' }, 'U+0000 cannot be stored'],
  ['with U+0000 in its key', { key: '\0', value: 'a' }, 'U+0000 cannot be stored'],
])('a param %s', (_case, entry, reason) => {
  const tally = new Tally('r');
  const entries = limitEntries('param', [entry], tally);
  expect(entries).toEqual(reason === undefined ? [entry] : []);
  const { counts, differences } = tally.facts(true);
  expect(counts).toEqual(reason === undefined ? { param: 1 } : {});
  expect(differences.map((gap) => gap.reason)).toEqual(reason === undefined ? [] : [reason]);
  expect(JSON.stringify(differences)).not.toContain('\\u0000');
});

test('tags of models are limited by the same rules', () => {
  const tally = new Tally('m');
  expect(limitTags({ a: '1', b: '\0' }, tally)).toEqual({ a: '1' });
  expect(tally.facts(false)).toMatchObject({ counts: { tag: 1 }, differences: [{ what: 'tag', id: 'm b' }] });
});

test('points keep NaN, infinities become the largest doubles, and unsafe integers are reported', () => {
  const tally = new Tally('r');
  const points = [
    point('m', Number.NaN),
    point('m', Infinity),
    point('m', -Infinity),
    point('step', 1, [2 ** 53, 1]),
    point('time', 1, [1, 2 ** 53]),
    point('k'.repeat(251), 1),
  ];
  expect(limitPoints(points, tally).map(({ value }) => value)).toEqual([
    Number.NaN,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
  ]);
  const { counts, differences } = tally.facts(true);
  expect(counts).toEqual({ 'metric point': 3 });
  expect(differences.map(({ reason }) => reason)).toEqual([
    'step 9007199254740992 is beyond 2^53',
    'time 9007199254740992 is beyond 2^53',
    'the key is longer than 250 characters',
  ]);
});

test('U+0000 is replaced in a text', () => {
  expect(limitText('a\0b')).toBe('a␀b');
});

test('times beyond 2^53 are reported and not stored', () => {
  const tally = new Tally('r');
  expect(limitTime('start time', 5, tally)).toBe(5);
  expect(limitTime('start time', undefined, tally)).toBeUndefined();
  expect(limitTime('start time', 1.7e18, tally)).toBeUndefined();
  expect(limitTimes({ createdAt: 3, updatedAt: 1.5 }, tally)).toEqual({ createdAt: 3, updatedAt: 3 });
  expect(limitTimes({ createdAt: -(2 ** 63), updatedAt: 4 }, tally)).toEqual({ createdAt: 0, updatedAt: 4 });
  expect(tally.facts(true).differences).toEqual([
    { what: 'time', id: 'r', reason: 'start time 1700000000000000000 is beyond 2^53' },
    { what: 'time', id: 'r', reason: 'update time 1.5 is not a whole number' },
    { what: 'time', id: 'r', reason: 'creation time -9223372036854776000 is beyond 2^53' },
  ]);
});
