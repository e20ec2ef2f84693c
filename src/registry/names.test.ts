import { expect, test } from 'vitest';
import { aliasFault, isWebhookName, modelNameFault } from './names.ts';

test.each(['t20-score', 'модель 1', 'a.b@c', '%2F'])('%s is a name of a model', (name) => {
  expect(modelNameFault(name)).toBeUndefined();
});

test.each([
  ['', 'cannot be empty'],
  ['  ', 'cannot be empty'],
  ['a/b', "Invalid model name 'a/b'. Names cannot contain '/' or ':'."],
  ['a:b', "'/' or ':'"],
  ['a\nb', 'control characters'],
  ['n'.repeat(251), 'at most 250'],
])('%j is no name of a model', (name, why) => {
  expect(modelNameFault(name)).toContain(why);
});

test.each(['prod', 'Champion_2', 'v', 'v1x', 'лучший'])('%s is an alias', (alias) => {
  expect(aliasFault(alias)).toBeUndefined();
});

test.each([
  ['Latest', "'latest' alias name (case insensitive) is reserved."],
  ['v1', "Version alias name 'v1' is reserved."],
  ['V20', "Version alias name 'V20' is reserved."],
  [
    'a b',
    "Invalid alias name: 'a b'. Names may only contain alphanumerics, underscores (_), and dashes (-).",
  ],
  ['', 'Invalid alias name'],
  ['a/b', 'Invalid alias name'],
  ['a'.repeat(256), 'exceeds the maximum length of 255 characters'],
])('%j is no alias', (alias, why) => {
  expect(aliasFault(alias)).toContain(why);
});

test('a webhook has a short plain name', () => {
  for (const name of ['w', 'my-hook_1.x', 'a..b', 'n'.repeat(63)]) expect(isWebhookName(name)).toBe(true);
  for (const name of ['', ' ', '-x', 'x-', '_x', 'x.', 'a b', 'n'.repeat(64), 'a\n', 'é', 'a@b', 'a/b'])
    expect(isWebhookName(name)).toBe(false);
});
