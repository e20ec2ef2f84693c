import type { TrialView } from '../../../src/client/index.ts';

/** A column of the trials table and where its value is. */
export interface TrialColumn {
  readonly kind: 'index' | 'param' | 'metric';
  readonly name: string;
}

export interface Order {
  readonly column: TrialColumn;
  readonly descending: boolean;
}

/** The trial's number, every metric, and the params that differ between trials; the run's params have the others. */
export function trialColumns(trials: readonly TrialView[]): readonly TrialColumn[] {
  const namesIn = (part: 'params' | 'metrics'): readonly string[] => [
    ...new Set(trials.flatMap((trial) => Object.keys(trial[part]))),
  ];
  const differs = (name: string): boolean => new Set(trials.map(({ params }) => params[name])).size > 1;
  return [
    { kind: 'index', name: 'Trial' },
    ...namesIn('metrics').map((name) => ({ kind: 'metric' as const, name })),
    ...namesIn('params')
      .filter(differs)
      .map((name) => ({ kind: 'param' as const, name })),
  ];
}

/** The trial's value in a column: a number where it reads as one, so that 10 comes after 9. */
export function cellOf(trial: TrialView, column: TrialColumn): number | string | undefined {
  if (column.kind === 'index') return trial.index;
  if (column.kind === 'metric') return trial.metrics[column.name];
  const text = trial.params[column.name];
  return text === undefined || text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
}

/** A sorted copy. Missing values come last in both directions. */
export function sortTrials(
  trials: readonly TrialView[],
  { column, descending }: Order,
): readonly TrialView[] {
  const sign = descending ? -1 : 1;
  return trials.toSorted((a, b) => {
    const [left, right] = [cellOf(a, column), cellOf(b, column)];
    if (left === undefined || right === undefined)
      return Number(left === undefined) - Number(right === undefined);
    if (typeof left === 'number' && typeof right === 'number') return sign * (left - right);
    return sign * String(left).localeCompare(String(right));
  });
}
