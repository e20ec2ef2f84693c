import { surprise, type Values } from '../metrics/rows.ts';
import { type Curve, valueOf } from './curve.ts';

/** Which rows are alike, such as those of a day or a match. */
export interface Clusters {
  /** The cluster of each row. */
  readonly of: ArrayLike<number>;
  /** The time of each row; undefined if rows have no order. */
  readonly time: ArrayLike<number> | undefined;
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
  const foldOf = foldsOf(clusters);
  const rows = Array.from(clusters.of, (name, row) => ({ name, row, fold: foldOf.get(name) }));
  const gains = new Map([...foldOf.keys()].map((name) => [name, 0]));
  for (const fold of new Set(foldOf.values())) {
    const rest = rows.filter((each) => each.fold !== fold).map(({ row }) => row);
    const of = (values: Values): Float64Array => Float64Array.from(rest, (row) => values[row] as number);
    const outcomes = of(truth);
    // A curve needs both outcomes: these rows show nothing.
    if (new Set(outcomes).size < 2) continue;
    const curve = fit(of(probability), outcomes);
    for (const { name, row } of rows.filter((each) => each.fold === fold)) {
      const before = probability[row] as number;
      const lossOf = (yes: number): number => surprise(truth[row] === 1 ? yes : 1 - yes);
      const gain = lossOf(before) - lossOf(valueOf(curve, before));
      gains.set(name, (gains.get(name) as number) + gain);
    }
  }
  const count = gains.size;
  const each = [...gains.values()];
  const total = each.reduce((sum, gain) => sum + gain, 0);
  const squares = each.reduce((sum, gain) => sum + (gain - total / count) ** 2, 0);
  // One cluster has no standard error.
  return total > Math.sqrt((squares * count) / (count - 1));
}

/** The fold of each cluster. Clusters with a time are divided by their first. */
function foldsOf({ of, time }: Clusters): ReadonlyMap<number, number> {
  const first = new Map<number, number>();
  for (let row = 0; row < of.length; row++) {
    const name = of[row] as number;
    const start = time ? (time[row] as number) : name;
    first.set(name, Math.min(first.get(name) ?? Infinity, start));
  }
  const names = [...first].toSorted(([, a], [, b]) => a - b).map(([name]) => name);
  const count = Math.min(folds, names.length);
  return new Map(
    names.map((name, rank) => [name, time ? Math.floor((rank * count) / names.length) : rank % count]),
  );
}
