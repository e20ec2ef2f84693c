import { expect, test } from 'vitest';
import { point } from '../../tracking/run-stores.fixture.ts';
import { fittingPoints, fittingTags, fittingText, fittingTexts } from './fitting.ts';
import { Tally } from './left-out.ts';

test.each([
  ['of the longest key', { key: 'k'.repeat(250), value: '' }, undefined],
  ['of a longer key', { key: 'k'.repeat(251), value: '' }, 'its key is longer than 250 characters'],
  ['of the longest value', { key: 'k', value: 'v'.repeat(1_000_000) }, undefined],
  ['of a longer value', { key: 'k', value: 'v'.repeat(1_000_001) }, 'it is longer than 1000000 characters'],
  ['with U+0000', { key: 'k', value: 'a\0' }, 'it has the character U+0000, which no database keeps'],
  [
    'with U+0000 in its key',
    { key: '\0', value: 'a' },
    'it has the character U+0000, which no database keeps',
  ],
])('a param %s', (_case, entry, why) => {
  const tally = new Tally('r');
  const kept = fittingTexts('param', [entry], tally);
  expect(kept).toEqual(why === undefined ? [entry] : []);
  const { counts, left } = tally.facts(true);
  expect(counts).toEqual(why === undefined ? { param: 1 } : {});
  expect(left.map((gap) => gap.why)).toEqual(why === undefined ? [] : [why]);
  expect(JSON.stringify(left)).not.toContain('\\u0000');
});

test('tags of models are kept by their keys', () => {
  const tally = new Tally('m');
  expect(fittingTags({ a: '1', b: '\0' }, tally)).toEqual({ a: '1' });
  expect(tally.facts(false)).toMatchObject({ counts: { tag: 1 }, left: [{ what: 'tag', id: 'm b' }] });
});

test('points keep NaN, infinities become the largest doubles, and what no number holds is told', () => {
  const tally = new Tally('r');
  const points = [
    point('m', Number.NaN),
    point('m', Infinity),
    point('m', -Infinity),
    point('step', 1, [2 ** 53, 1]),
    point('time', 1, [1, 2 ** 53]),
    point('k'.repeat(251), 1),
  ];
  expect(fittingPoints(points, tally).map(({ value }) => value)).toEqual([
    Number.NaN,
    Number.MAX_VALUE,
    -Number.MAX_VALUE,
  ]);
  const { counts, left } = tally.facts(true);
  expect(counts).toEqual({ 'metric point': 3 });
  expect(left.map(({ why }) => why)).toEqual([
    'its step 9007199254740992 is beyond 2^53',
    'its time 9007199254740992 is beyond 2^53',
    'its key is longer than 250 characters',
  ]);
});

test('a text is kept without U+0000', () => {
  expect(fittingText('a\0b')).toBe('a␀b');
});
