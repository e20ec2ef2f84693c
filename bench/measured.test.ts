import { expect, test } from 'vitest';
import { judged, lineOf, type Measured } from './measured.ts';

const speed: Measured = {
  name: 'writes',
  ours: 1234.5,
  peer: 100,
  unit: 'requests/s',
  better: 'more',
  goal: 10,
};
const time: Measured = { name: 'start', ours: 0.3123, peer: 2.9, unit: 's', better: 'less', goal: 10 };
const alone: Measured = { name: 'memory', ours: 120.04, unit: 'MB', better: 'less', goal: 150 };

test.each<[Measured, string]>([
  [speed, 'writes: ours 1235 requests/s, peer 100 requests/s, ratio 12.3×, goal 10×: reached'],
  [time, 'start: ours 0.3123 s, peer 2.9 s, ratio 9.29×, goal 10×: short'],
  [alone, 'memory: ours 120 MB, goal ≤ 150 MB: reached'],
  [{ ...alone, ours: 151 }, 'memory: ours 151 MB, goal ≤ 150 MB: short'],
  [{ ...alone, better: 'more', goal: 100 }, 'memory: ours 120 MB, goal ≥ 100 MB: reached'],
])('a case is a line: %#', (measured, line) => {
  expect(lineOf(judged('made-up', measured), measured.better)).toBe(line);
});

test('a record has the figures of the line, unrounded', () => {
  expect(judged('made-up', speed)).toEqual({
    bench: 'made-up',
    case: 'writes',
    ours: 1234.5,
    peer: 100,
    unit: 'requests/s',
    ratio: 12.345,
    goal: 10,
    reached: true,
  });
  expect(judged('made-up', alone)).toMatchObject({ peer: null, ratio: null, goal: 150, reached: true });
});

test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY])('%d of anything is no measurement', (figure) => {
  expect(() => judged('made-up', { ...speed, ours: figure })).toThrow('writes came out as');
  expect(() => judged('made-up', { ...speed, peer: figure })).toThrow('writes came out as');
});
