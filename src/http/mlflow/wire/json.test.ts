import { expect, test } from 'vitest';
import { wireText } from './json.ts';

test('what is unset is left out', () => {
  expect(wireText({ a: undefined, b: 0, c: '', d: false, e: { f: undefined } })).toBe(
    '{"b":0,"c":"","d":false,"e":{}}',
  );
});

test('numbers that are not finite are texts, and bigints are numbers', () => {
  expect(wireText({ values: [Number.NaN, Infinity, -Infinity, 1.5], step: 9223372036854775807n })).toBe(
    '{"values":["NaN","Infinity","-Infinity",1.5],"step":9223372036854775807}',
  );
});

test.each([
  [
    { tag: '{"a":null,"b":[null,1]}', value: Number.NaN },
    '{"tag":"{\\"a\\":null,\\"b\\":[null,1]}","value":"NaN"}',
  ],
  [{ tag: '{"a":null}', value: 1 }, '{"tag":"{\\"a\\":null}","value":1}'],
  [{ 'a\\': Number.NaN }, '{"a\\\\":"NaN"}'],
  [{ 'a\\"': 1, b: [Infinity] }, '{"a\\\\\\"":1,"b":["Infinity"]}'],
])('a null in a text is no null of the answer: %j', (value, text) => {
  expect(wireText(value)).toBe(text);
});

test('the word null in a text stays', () => {
  expect(wireText({ note: 'null and void', value: Number.NaN })).toBe(
    '{"note":"null and void","value":"NaN"}',
  );
});
