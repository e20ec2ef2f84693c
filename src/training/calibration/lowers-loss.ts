import type { Values } from '../metrics/rows.ts';
import { type Curve, valueOf } from './curve.ts';

/** Which rows are alike, such as those of a day or a match. */
export interface Clusters {
  /** One number for each row. */
  readonly of: ArrayLike<number>;
  /** Whether the numbers are an order in time. */
  readonly ordered: boolean;
}

export interface HeldOutOutcomes {
  readonly probability: Values;
  /** 1 for yes and 0 for no. */
  readonly truth: Values;
  readonly clusters: Clusters;
}

const folds = 5;

/**
 * Whether curves lower the log loss of rows that they were not fitted on, by more than one standard error. Rows of a cluster
 * are in one fold and count together for the error; folds of ordered rows are stretches of time, so that a curve that only
 * follows how often yes happens in some weeks does not pass.
 */
export function lowersLoss(
  fit: (probability: Values, truth: Values) => Curve,
  { probability, truth, clusters }: HeldOutOutcomes,
): boolean {
  const names = [...new Set(Array.from(clusters.of))].toSorted((a, b) => a - b);
  const count = names.length;
  const foldOf = new Map(
    names.map((name, rank) => [name, clusters.ordered ? Math.floor((rank * folds) / count) : rank % folds]),
  );
  const rows = Array.from(clusters.of, (name, row) => ({ name, row, fold: foldOf.get(name) }));
  const gains = new Map(names.map((name) => [name, 0]));
  for (let fold = 0; fold < Math.min(folds, count); fold++) {
    const rest = rows.filter((each) => each.fold !== fold).map(({ row }) => row);
    const of = (values: Values): Float64Array => Float64Array.from(rest, (row) => values[row] as number);
    const curve = fit(of(probability), of(truth));
    for (const { name, row } of rows.filter((each) => each.fold === fold)) {
      const before = probability[row] as number;
      const gain = logLoss(before, truth[row]) - logLoss(valueOf(curve, before), truth[row]);
      gains.set(name, (gains.get(name) as number) + gain);
    }
  }
  const each = [...gains.values()];
  const total = each.reduce((sum, gain) => sum + gain, 0);
  const squares = each.reduce((sum, gain) => sum + (gain - total / count) ** 2, 0);
  // One cluster has no standard error.
  return total > Math.sqrt((squares * count) / (count - 1));
}

const closest = 1e-15;

function logLoss(probability: number, truth: number | undefined): number {
  return -Math.log(Math.max(closest, truth === 1 ? probability : 1 - probability));
}
