import { seededRandom } from '../kernel/random.ts';

const mostDraws = 200;
const fewestDraws = 50;
/** Rows in all draws together, so that a large test costs seconds. */
const drawnRows = 2e7;
const fewestClusters = 5;

/**
 * Standard errors by a bootstrap: clusters of rows are drawn again, with replacement. Rows of a cluster (a match, a
 * day) are alike, so drawing single rows would make the error look smaller than it is.
 * @param clusters one number for each row
 * @param statistics by name, over drawn rows; differences of two versions on the same rows give a paired error
 * @returns NaN for fewer than five clusters, and for a statistic that most draws cannot measure
 */
export function standardErrors(
  clusters: ArrayLike<number>,
  statistics: (rows: Int32Array) => Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const rowsOf = new Map<number, number[]>();
  for (let row = 0; row < clusters.length; row++) {
    const cluster = clusters[row] as number;
    const members = rowsOf.get(cluster);
    if (members) members.push(row);
    else rowsOf.set(cluster, [row]);
  }
  const members = [...rowsOf.values()];
  const names = Object.keys(statistics(new Int32Array(0)));
  const values = new Map<string, number[]>(names.map((name) => [name, []]));
  const draws = Math.min(mostDraws, Math.max(fewestDraws, Math.floor(drawnRows / (clusters.length + 1))));
  const random = seededRandom(1);
  for (let draw = 0; draw < draws && members.length >= fewestClusters; draw++) {
    const drawn = members.map(() => members[Math.floor(random() * members.length)] ?? []);
    for (const [name, value] of Object.entries(statistics(Int32Array.from(drawn.flat()))))
      if (Number.isFinite(value)) values.get(name)?.push(value);
  }
  return Object.fromEntries(
    [...values].map(([name, found]) => [name, found.length > draws / 2 ? deviation(found) : Number.NaN]),
  );
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
