import { nearestName } from '../../kernel/nearest-name.ts';
import { formatGiven } from '../models/format-given.ts';
import { isOptions } from '../models/trainer-shape.ts';
import { formatValue, oneOfProblem, wholeProblem } from './problem-rules.ts';
import type { Search } from '../models/search.ts';

/** Mistakes in a model's search, a sentence each. Options and ranges are checked with the trainer. */
export function searchProblems(search: Search | undefined): readonly string[] {
  if (search === undefined) return [];
  if (!isOptions(search))
    return [
      `search is ${formatGiven(search)}: give an object such as { trials: 20, space: { depth: [2, 8] } }`,
    ];
  const { trials, minutes, method, parallel, ensemble, seed } = search;
  return [
    ...Object.keys(search)
      .filter((name) => !names.includes(name))
      .map((name) => {
        const meant = nearestName(name, names);
        return `search.${name} does not exist${meant === undefined ? '' : `: did you mean ${meant}?`} (${names.join(', ')})`;
      }),
    ...(isOptions(search.space)
      ? []
      : [`search.space is ${formatGiven(search.space)}: give ranges by option, such as { depth: [2, 8] }`]),
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

const names = ['trials', 'minutes', 'method', 'space', 'parallel', 'ensemble', 'seed'];

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
