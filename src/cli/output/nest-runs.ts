import type { FoundRun } from '../../api/run-views.ts';

export interface NestedRun {
  readonly run: FoundRun;
  /** 0 for a run that is not nested or whose parent is not listed, 1 for a run in another one. */
  readonly depth: number;
}

/** Each run once, directly below the run that it is nested in; otherwise the order stays. */
export function nestRuns(runs: readonly FoundRun[]): readonly NestedRun[] {
  const ids = new Set(runs.map(({ id }) => id));
  const listed = new Map<string, NestedRun>();
  const list = (run: FoundRun, depth: number): void => {
    if (listed.has(run.id)) return;
    listed.set(run.id, { run, depth });
    for (const child of runs.filter((other) => parentOf(other) === run.id)) list(child, depth + 1);
  };
  for (const run of runs) {
    const parent = parentOf(run);
    if (parent === undefined || !ids.has(parent)) list(run, 0);
  }
  // Runs that are each other's parents have no top.
  for (const run of runs) list(run, 1);
  return [...listed.values()];
}

export function parentOf({ tags }: FoundRun): string | undefined {
  return tags['mlflow.parentRunId'];
}
