import { expect, test } from 'vitest';
import { countJsonValues, type JsonSize } from './json-values.ts';

const measure = (text: string, size = text.length): JsonSize => {
  const counter = countJsonValues();
  const bytes = Buffer.from(text);
  let measured = { values: 0, depth: 0 };
  for (let at = 0; at < bytes.length; at += size) measured = counter.add(bytes.subarray(at, at + size));
  return measured;
};
const count = (text: string, size?: number): number => measure(text, size).values;

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

test.each([
  ['1', 0],
  ['{"a":1}', 1],
  ['[[],[{}]]', 3],
  ['["[[[",{"{{{":"[["}]', 2],
  [']]]][[', 2],
  ['[{"a":['.repeat(50), 150],
])('the nesting of %s is %d, however it is cut', (text, depth) => {
  for (const size of [text.length, 1, 2, 3, 7])
    expect([size, measure(text, size).depth]).toEqual([size, depth]);
});
