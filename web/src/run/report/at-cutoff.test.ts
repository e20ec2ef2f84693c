import { expect, test } from 'vitest';
import { atCutoff } from './at-cutoff.ts';

const cutoffs = { rows: 10, yes: 4, called: [10, 5, 0], right: [4, 3, 0] };

test('a cutoff says who is called, rightly and wrongly, and who is missed', () => {
  expect(atCutoff(cutoffs, 1)).toEqual({
    called: 5,
    right: 3,
    wrong: 2,
    missed: 1,
    rightNo: 4,
    precision: 0.6,
    recall: 0.75,
  });
});

test('without a called row there is no precision, and without a yes no recall', () => {
  expect(atCutoff(cutoffs, 2).precision).toBeNull();
  expect(atCutoff({ ...cutoffs, yes: 0, right: [0, 0, 0] }, 1)).toMatchObject({ precision: 0, recall: null });
});
