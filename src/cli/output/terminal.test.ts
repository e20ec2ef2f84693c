import { expect, test } from 'vitest';
import { widthOf } from './terminal.ts';

test.each([
  [{}, 80],
  [{ columns: 0 }, 80],
  [{ columns: 120 }, 120],
])('a terminal of %j is written for %d columns', (stream, columns) => {
  expect(widthOf(stream)).toBe(columns);
});
