import { expect, test } from 'vitest';
import { jsonBefore } from './json-head.ts';

test.each([
  ['a member', '{"info":1,"innings":[2]}', '{"info":1}'],
  ['blanks and lines', '{\n  "info": {},\n  "innings" : []\n}', '{\n  "info": {}}'],
  ['the name within a member', '{"info":{"by":{"innings":1}},"innings":[]}', '{"info":{"by":{"innings":1}}}'],
  ['the name as a value', '{"kind":"innings","innings":[]}', '{"kind":"innings"}'],
  [
    'the name in a string with quotes',
    String.raw`{"a":"\"innings\":","innings":[]}`,
    String.raw`{"a":"\"innings\":"}`,
  ],
  ['a string that ends with a backslash', String.raw`{"a":"\\","innings":[]}`, String.raw`{"a":"\\"}`],
  ['brackets in a string', '{"a":"}]{","innings":[]}', '{"a":"}]{"}'],
])('%s is cut off', (_case, text, head) => {
  expect(jsonBefore(text, 'innings')).toBe(head);
  expect(() => JSON.parse(head) as unknown).not.toThrow();
});

test.each([
  ['the first member', '{"innings":[],"info":1}'],
  ['no such member', '{"info":1}'],
  ['no object', '[1,"innings"]'],
  ['a string without an end', '{"info":"abc'],
  ['nothing', ''],
])('%s leaves the text as it is', (_case, text) => expect(jsonBefore(text, 'innings')).toBeUndefined());
