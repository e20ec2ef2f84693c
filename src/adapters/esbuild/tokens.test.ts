import { expect, test } from 'vitest';
import { readTokens } from './tokens.ts';

const split = (source: string): readonly string[] =>
  readTokens(source).map(({ kind, start, end }) => `${kind[0]}:${source.slice(start, end)}`);

test.each([
  ['let a = "x\\"y" + \'z\';', ['w:let', 'w:a', 'm:=', 't:"x\\"y"', 'm:+', "t:'z'", 'm:;']],
  ['a /* "b" */ / c // d', ['w:a', 'm:/', 'w:c']],
  ['x = /["/]\\/`/g.test(y)', ['w:x', 'm:=', 'p:/["/]\\/`/g', 'm:.', 'w:test', 'm:(', 'w:y', 'm:)']],
  ['return /a"/', ['w:return', 'p:/a"/']],
  ['(a) / b / c', ['m:(', 'w:a', 'm:)', 'm:/', 'w:b', 'm:/', 'w:c']],
  [
    '`a ${b({ c: `d` })} e $f`.g',
    ['t:`a ${', 'w:b', 'm:(', 'm:{', 'w:c', 'm::', 't:`d`', 'm:}', 'm:)', 't:} e $f`', 'm:.', 'w:g'],
  ],
  ['a=>b', ['w:a', 'm:=>', 'w:b']],
  ['π.$x', ['w:π', 'm:.', 'w:$x']],
  ['"never closed\nnext', ['t:"never closed', 'w:next']],
])('splits %j', (source, expected) => {
  expect(split(source)).toEqual(expected);
});
