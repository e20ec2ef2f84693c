import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { stopSignal } from './stop-signal.ts';

test.each([
  ['SIGINT', 'SIGINT'],
  ['SIGINT', 'SIGTERM'],
  ['SIGTERM', 'SIGINT'],
] as const)('%s shuts down cleanly, and %s after it ends the process at once', async (first, second) => {
  const codes: number[] = [];
  const signals = new EventEmitter();
  const target = Object.assign(signals, { exit: (code: number) => void codes.push(code) });
  const stopped = stopSignal(target);
  signals.emit(first);
  await stopped;
  expect(codes).toEqual([]);
  signals.emit(second);
  expect(codes).toEqual([130]);
});
