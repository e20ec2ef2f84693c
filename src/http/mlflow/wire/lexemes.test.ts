import { expect, test } from 'vitest';
import { readLexemes } from './lexemes.ts';
import { pythonFloat, pythonJson, pythonQuoted, pythonType } from './format-python.ts';

test('numbers keep their digits and objects are maps', () => {
  expect(readLexemes('{"a": [9.0, 9223372036854775807], "__proto__": NaN, "b": {}}')).toEqual(
    new Map<string, unknown>([
      ['a', [{ lexeme: '9.0' }, { lexeme: '9223372036854775807' }]],
      ['__proto__', { lexeme: 'NaN' }],
      ['b', new Map()],
    ]),
  );
  expect(readLexemes('"a\\u00e9\\n"')).toBe('aé\n');
  expect(readLexemes('[true, false, null, -Infinity]')).toEqual([true, false, null, { lexeme: '-Infinity' }]);
});

test.each([
  '',
  '{',
  '[1,]',
  '{"a":1,}',
  '{"a" 1}',
  '[1 2]',
  '1 2',
  '01.2.3',
  '"a',
  '{a: 1}',
  '"\u0001"',
  '['.repeat(300),
])('refuses %j', (text) => {
  expect(() => readLexemes(text)).toThrow(SyntaxError);
});

test('a text of megabytes is read', () => {
  const long = 'x'.repeat(5_000_000);
  expect(readLexemes(JSON.stringify(long))).toBe(long);
});

test('values are written and named as in Python', () => {
  expect(pythonJson(readLexemes('{"b": [9.0, "é"], "a": null}'))).toBe('{"a":null,"b":[9.0,"\\u00e9"]}');
  expect(
    ['1', '1.0', '"a"', '[]', '{}', 'null', 'true'].map((text) => pythonType(readLexemes(text))),
  ).toEqual(['int', 'float', 'str', 'list', 'dict', 'NoneType', 'bool']);
  expect([1, 0.5, 1e300, Number.NaN, -Infinity].map(pythonFloat)).toEqual([
    '1.0',
    '0.5',
    '1e+300',
    'nan',
    '-inf',
  ]);
  expect(["a'b", 'a', 'a\n"\''].map(pythonQuoted)).toEqual(['"a\'b"', "'a'", "'a\\n\"\\''"]);
});

test('of a value of megabytes only as much is written as a message quotes', () => {
  const value = readLexemes(
    JSON.stringify({
      name: 'é"\n'.repeat(50),
      list: [1, 'a', { b: ['é'.repeat(40), null, true] }],
      'é"': '',
    }),
  );
  const whole = pythonJson(value);
  for (let most = 0; most < whole.length + 3; most++)
    expect(pythonJson(value, most).slice(0, most)).toBe(whole.slice(0, most));
  expect(pythonJson('é'.repeat(1_000_000), 2000).length).toBeLessThan(20_000);
  const many = Array.from({ length: 20_000 }, () => 'é'.repeat(500));
  expect(pythonJson(many, 2000).length).toBeLessThan(20_000);
  expect(pythonJson(new Map(many.map((text, at) => [`${text}${at}`, text])), 2000).length).toBeLessThan(
    20_000,
  );
});
