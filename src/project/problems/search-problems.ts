import { formatValue, oneOfProblem, wholeProblem } from './problem-rules.ts';
import type { Search } from '../models/search.ts';

/** Mistakes in a model's search, a sentence each. Options and ranges are checked with the trainer. */
export function searchProblems(search: Search | undefined): readonly string[] {
  if (!search) return [];
  const { trials, minutes, method, parallel, ensemble, seed } = search;
  return [
    ...wholeProblem('search.trials', trials, 1),
    ...wholeProblem('search.parallel', parallel, 1),
    ...wholeProblem('search.ensemble', ensemble, 1),
    ...wholeProblem('search.seed', seed, 0),
    ...oneOfProblem('search.method', method, ['random', 'tpe', 'halving']),
    ...(minutes === undefined || (typeof minutes === 'number' && minutes > 0 && Number.isFinite(minutes))
      ? []
      : [`search.minutes is ${formatValue(minutes)}: give a number above 0`]),
    ...budgetProblems(search),
  ];
}

function budgetProblems({ trials, minutes, method }: Search): readonly string[] {
  if (trials === undefined && minutes === undefined)
    return ['search has no end: give trials, minutes or both'];
  if (method !== 'halving') return [];
  return [
    ...(trials === undefined
      ? ["search.trials is missing: method 'halving' needs the number of trials"]
      : []),
    ...(minutes === undefined ? [] : ["search.minutes is not for method 'halving': give trials alone"]),
  ];
}
