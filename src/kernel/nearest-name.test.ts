import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

test.each([
  ['pionts', 'points'],
  ['Points', 'points'],
  ['wicket', 'wickets'],
  ['wkts', undefined],
  ['overs_', 'overs'],
  ['venue', undefined],
  ['', undefined],
])('%s is near to %s', (written, name) => {
  expect(nearestName(written, ['overs', 'points', 'wickets'])).toBe(name);
});

test('the nearest of several wins', () => {
  expect(nearestName('colour1', ['colour2', 'colour1x', 'color1'])).toBe('colour2');
  expect(nearestName('abcdef', ['abcxyf', 'abcdxf'])).toBe('abcdxf');
});
