import { expect, test } from 'vitest';
import { countJsonValues } from './json-values.ts';

const count = (text: string, size = text.length): number => {
  const counter = countJsonValues();
  const bytes = Buffer.from(text);
  let values = 0;
  for (let at = 0; at < bytes.length; at += size) values = counter.add(bytes.subarray(at, at + size));
  return values;
};

test.each([
  ['1', 1],
  ['{"a":1}', 2],
  ['[[],[]]', 5],
  ['[1,2,3]', 4],
  ['{"a,[{":",[{"}', 2],
  [String.raw`{"a\"," : "\\"}`, 2],
  [String.raw`["\\\"[", "\\", [1]]`, 5],
  [`{"text":"${'x,['.repeat(1000)}"}`, 2],
])('%s has at most %d values, however it is cut', (text, values) => {
  expect(count(text)).toBe(values);
  for (const size of [1, 2, 3, 7]) expect([size, count(text, size)]).toEqual([size, values]);
});
