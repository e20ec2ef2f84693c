import { expect, test } from 'vitest';
import { isPredictionId, newPredictionId, newRunId, type RandomBytes } from './ids.ts';

const ones: RandomBytes = (count) => new Uint8Array(count).fill(0xff);
const zeros: RandomBytes = (count) => new Uint8Array(count);

test('a run id is 32 hex digits, another each time', () => {
  expect(newRunId()).toMatch(/^[0-9a-f]{32}$/);
  expect(newRunId()).not.toBe(newRunId());
  expect(newRunId(ones)).toBe('f'.repeat(32));
});

test('a prediction id has the layout of a UUIDv7', () => {
  // The example of RFC 9562, appendix A.6: its time, 0x017F22E279B0, and its version and variant bits.
  expect(newPredictionId(1_645_557_742_000, zeros)).toBe('017f22e2-79b0-7000-8000-000000000000');
  expect(newPredictionId(1_645_557_742_000, ones)).toBe('017f22e2-79b0-7fff-bfff-ffffffffffff');
});

test('prediction ids sort by time, whatever else is in them', () => {
  const times = [0, 1, 255, 256, 1_645_557_742_000, 1_645_557_742_001, 2 ** 47];
  const ids = times.map((time, index) => newPredictionId(time, index % 2 ? zeros : ones));
  expect(ids.toSorted()).toEqual(ids);
});

test.each([
  [newPredictionId(5), true],
  ['017f22e2-79b0-4000-8000-000000000000', false],
  ['017f22e2-79b0-7000-c000-000000000000', false],
  ['017F22E2-79B0-7000-8000-000000000000', false],
  ['../../017f22e2-79b0-7000-8000-000000000000', false],
  ['', false],
])('%j is a prediction id: %s', (text, is) => expect(isPredictionId(text)).toBe(is));
