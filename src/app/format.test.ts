import { expect, test } from 'vitest';
import { titleOf } from './format.ts';

test.each([
  ['runsInTheLastFiveOvers', 'Runs in the last five overs'],
  ['house_price', 'House price'],
  ['per-key2Value', 'Per key2 value'],
  ['x', 'X'],
  ['', ''],
])('%j reads as %j', (name, title) => expect(titleOf(name)).toBe(title));
