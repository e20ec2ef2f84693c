import { expect, test } from 'vitest';
import { draftOf, readDraft, visibleProblems } from '../form/draft.ts';
import { readFields } from '../form/fields.ts';
import { blockedBy } from './blocked.ts';

const names = ['size', 'town', 'garden', 'floors', 'street'];
const fields = readFields({
  type: 'object',
  properties: Object.fromEntries(names.map((name) => [name, { type: 'number' }])),
  required: names,
});
const needed = (...empty: readonly string[]) => Object.fromEntries(empty.map((name) => [name, 'Needed.']));

test('names the fields in the order of the form', () => {
  expect(blockedBy(fields, { all: needed('town', 'size'), visible: needed('town', 'size') })).toBe(
    '2 fields to correct: Size and Town',
  );
});

test('a field that nobody touched is to be filled in, not corrected', () => {
  expect(blockedBy(fields, { all: needed('town'), visible: {} })).toBe('1 field to fill in: Town');
  expect(blockedBy(fields, { all: needed('town', 'size'), visible: needed('size') })).toBe(
    '1 field to correct: Size',
  );
  expect(blockedBy(fields, { all: {}, visible: {} })).toBeUndefined();
});

test('of many fields the first three are named', () => {
  expect(blockedBy(fields, { all: needed(...names), visible: {} })).toBe(
    '5 fields to fill in: Size, Town, Garden and 2 more',
  );
});

test('a field that is called like a member of every object is a field as any other', () => {
  const odd = ['constructor', 'toString', 'valueOf', 'hasOwnProperty'];
  const those = readFields({
    type: 'object',
    properties: Object.fromEntries(odd.map((name) => [name, { type: 'number' }])),
    required: odd,
  });
  expect(blockedBy(those, { all: {}, visible: {} })).toBeUndefined();
  expect(blockedBy(those, { all: needed('toString'), visible: {} })).toBe('1 field to fill in: To string');
  expect(draftOf(those, {})).toEqual(Object.fromEntries(odd.map((name) => [name, ''])));
  expect(readDraft(those, { constructor: '5' }).problems).toEqual({
    toString: 'This is needed.',
    valueOf: 'This is needed.',
    hasOwnProperty: 'This is needed.',
  });
  expect(visibleProblems(needed('toString'), {}, new Set())).toEqual(needed('toString'));
});
