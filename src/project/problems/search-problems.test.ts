import { expect, test } from 'vitest';
import type { Search } from '../models/search.ts';
import { searchProblems } from './search-problems.ts';

test.each<[object, readonly string[]]>([
  [{ trials: 3 }, []],
  [{ minutes: 0.5, method: 'tpe', parallel: 2, ensemble: 4, seed: 0 }, []],
  [{ trials: 9, method: 'halving' }, []],
  [{}, ['search has no end: give trials, minutes or both']],
  [{ trials: 0 }, ['search.trials is 0: give a whole number from 1']],
  [
    { trials: 2.5, parallel: 0, ensemble: -1, seed: 0.5 },
    [
      'search.trials is 2.5: give a whole number from 1',
      'search.parallel is 0: give a whole number from 1',
      'search.ensemble is -1: give a whole number from 1',
      'search.seed is 0.5: give a whole number from 0',
    ],
  ],
  [{ minutes: Number.NaN }, ['search.minutes is NaN: give a number above 0']],
  [{ trials: 2, method: 'grid' }, ["search.method is \"grid\": give one of 'random', 'tpe', 'halving'"]],
  [
    { minutes: 3, method: 'halving' },
    [
      "search.trials is missing: method 'halving' needs the number of trials",
      "search.minutes is not for method 'halving': give trials alone",
    ],
  ],
])('%j', (search, problems) => {
  expect(searchProblems({ space: {}, ...search } as Search)).toEqual(problems);
});
