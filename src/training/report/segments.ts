/** A column of the scored rows. */
export interface SegmentedColumn {
  readonly column: string;
  readonly values: readonly (string | number | boolean | null)[];
}

/** Rows with equal or similar values. */
export interface Segment {
  readonly value: string;
  /** The smallest and the largest value of a range of numbers. */
  readonly range?: readonly [from: number, to: number];
  readonly rows: readonly number[];
}

/** Segments of a column; the smaller ones are put together. */
const mostSegments = 12;
const ranges = 5;

/**
 * Groups rows by a column: numbers with many values by ranges with about as many rows each, everything else by its values, the
 * most frequent first.
 */
export function segmentsOf({ values }: SegmentedColumn): readonly Segment[] {
  const distinct = new Set(values);
  const numbers = values.every((value) => value === null || typeof value === 'number');
  return numbers && distinct.size > mostSegments
    ? byRange(values as readonly (number | null)[])
    : byValue(values);
}

function byValue(values: SegmentedColumn['values']): readonly Segment[] {
  const rows = new Map<string | number | boolean | null, number[]>();
  for (const [row, value] of values.entries()) {
    const members = rows.get(value) ?? [];
    members.push(row);
    rows.set(value, members);
  }
  const ranked = [...rows]
    .map(([value, members]) => ({ value: value === null ? 'missing' : String(value), rows: members }))
    .toSorted((a, b) => b.rows.length - a.rows.length);
  if (ranked.length <= mostSegments) return ranked;
  const others = ranked.slice(mostSegments - 1).flatMap(({ rows: members }) => members);
  return [...ranked.slice(0, mostSegments - 1), { value: 'others', rows: others }];
}

function byRange(values: readonly (number | null)[]): readonly Segment[] {
  const order = [...values.keys()]
    .filter((row) => values[row] !== null)
    .toSorted((a, b) => (values[a] as number) - (values[b] as number));
  const missing = [...values.keys()].filter((row) => values[row] === null);
  const segments = similarParts(order, ranges, values).map((rows): Segment => {
    const range = [rounded(values[rows[0] as number]), rounded(values[rows.at(-1) as number])] as const;
    return { value: `${range[0]} to ${range[1]}`, range, rows };
  });
  return missing.length > 0 ? [...segments, { value: 'missing', rows: missing }] : segments;
}

/** Four digits of a fraction; whole numbers as they are. */
function rounded(value: number | null | undefined): number {
  const number = Number(value);
  return Number.isInteger(number) ? number : Number(number.toPrecision(4));
}

/** Divides rows, in the order of their values, into parts of about equal size; rows with equal values are in one part. */
export function similarParts(
  order: readonly number[],
  count: number,
  values: SegmentedColumn['values'],
): readonly (readonly number[])[] {
  const size = Math.ceil(order.length / count);
  const parts: number[][] = [];
  for (const row of order) {
    const last = parts.at(-1);
    if (last && (last.length < size || values[last.at(-1) as number] === values[row])) last.push(row);
    else parts.push([row]);
  }
  return parts;
}
