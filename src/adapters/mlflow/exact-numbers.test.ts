import { expect, test } from 'vitest';
import { fromBigInts, parseExactJson } from './exact-numbers.ts';

test.each([
  ['9007199254740993', '9007199254740993'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['9007199254740991', 9_007_199_254_740_991],
  ['1700000000000', 1_700_000_000_000],
  ['0.12345678901234567', Number('0.12345678901234567')],
  ['12345678901234567.5', Number('12345678901234567.5')],
  ['1.2345678901234567e+300', 1.234_567_890_123_456_7e300],
  ['"9007199254740993 \\" 9007199254740993"', '9007199254740993 " 9007199254740993'],
  ['{"a":[{"step":1700000000000000001,"key":"k"}]}', { a: [{ step: '1700000000000000001', key: 'k' }] }],
])('%s keeps its digits', (text, value) => expect(parseExactJson(text)).toEqual(value));

test.each(['{', '9007199254740993 9007199254740993', '"9007199254740993'])('%s is not JSON', (text) => {
  expect(() => parseExactJson(text)).toThrow(SyntaxError);
});

test('bigints become numbers where no digit is lost', () => {
  const value = {
    a: [1n, 9_007_199_254_740_993n, -9_223_372_036_854_775_808n],
    b: { c: 1.5 },
    d: null,
    e: 'x',
  };
  expect(fromBigInts(value)).toEqual({
    a: [1, '9007199254740993', '-9223372036854775808'],
    b: { c: 1.5 },
    d: null,
    e: 'x',
  });
});
