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
 * @param statistics by name, over drawn rows, with how often each row was drawn; differences of two versions on the same rows give a paired error
 * @returns NaN for fewer than five clusters, and for a statistic that most draws cannot measure
 */
export function standardErrors(
  clusters: ArrayLike<number>,
  statistics: (rows: Int32Array, times: Int32Array) => Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const { starts, rows: members } = rowsByCluster(clusters);
  const count = starts.length - 1;
  const names = Object.keys(statistics(new Int32Array(0), new Int32Array(clusters.length)));
  const values = new Map<string, number[]>(names.map((name) => [name, []]));
  const draws = Math.min(mostDraws, Math.max(fewestDraws, Math.floor(drawnRows / (clusters.length + 1))));
  const random = seededRandom(1);
  for (let draw = 0; draw < draws && count >= fewestClusters; draw++) {
    const drawn = Int32Array.from({ length: count }, () => Math.floor(random() * count));
    const { rows, times } = rowsOfDraw(drawn, { starts, rows: members });
    for (const [name, value] of Object.entries(statistics(rows, times)))
      if (Number.isFinite(value)) values.get(name)?.push(value);
  }
  return Object.fromEntries(
    [...values].map(([name, found]) => [name, found.length > draws / 2 ? deviation(found) : Number.NaN]),
  );
}

/** The rows of each cluster, one cluster after the other in the order in which they first appear. */
interface ClusteredRows {
  readonly rows: Int32Array;
  /** The position of the first row of each cluster, and the number of rows. */
  readonly starts: Int32Array;
}

function rowsByCluster(clusters: ArrayLike<number>): ClusteredRows {
  const numbers = new Map<number, number>();
  const clusterOf = Int32Array.from(clusters, (cluster) => {
    const number = numbers.get(cluster) ?? numbers.size;
    numbers.set(cluster, number);
    return number;
  });
  const starts = new Int32Array(numbers.size + 1);
  for (const cluster of clusterOf) starts[cluster + 1] = (starts[cluster + 1] as number) + 1;
  for (let cluster = 0; cluster < numbers.size; cluster++)
    starts[cluster + 1] = (starts[cluster + 1] as number) + (starts[cluster] as number);
  const next = starts.slice();
  const rows = new Int32Array(clusterOf.length);
  for (const [row, cluster] of clusterOf.entries()) {
    const at = next[cluster] as number;
    rows[at] = row;
    next[cluster] = at + 1;
  }
  return { rows, starts };
}

/** The rows of drawn clusters in the order of the draw, and how often each row was drawn. */
function rowsOfDraw(
  drawn: Int32Array,
  { starts, rows: members }: ClusteredRows,
): { readonly rows: Int32Array; readonly times: Int32Array } {
  let length = 0;
  for (const cluster of drawn) length += (starts[cluster + 1] as number) - (starts[cluster] as number);
  const [rows, times] = [new Int32Array(length), new Int32Array(members.length)];
  let at = 0;
  for (const cluster of drawn)
    for (let member = starts[cluster] as number; member < (starts[cluster + 1] as number); member++) {
      const row = members[member] as number;
      rows[at++] = row;
      times[row] = (times[row] as number) + 1;
    }
  return { rows, times };
}

function deviation(values: readonly number[]): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
}
