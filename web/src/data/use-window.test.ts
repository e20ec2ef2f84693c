import { expect, test } from 'vitest';
import { windowOf } from './use-window.ts';

test('of many rows only those around the screen are in the window', () => {
  const screen = { top: 300, height: 900 };
  expect(windowOf(screen, 40, 10_000)).toEqual({ first: 0, end: 43 });
  expect(windowOf({ ...screen, top: -4000 }, 40, 10_000)).toEqual({ first: 90, end: 133 });
  expect(windowOf({ ...screen, top: -400_000 }, 40, 10_000)).toEqual({ first: 9957, end: 10_000 });
  expect(windowOf(screen, 40, 5)).toEqual({ first: 0, end: 5 });
});
