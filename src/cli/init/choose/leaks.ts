import type { Kind } from '../../../project/models/kind.ts';
import type { InferredColumn } from '../column.ts';
import { explains } from './explains.ts';
import { formulaOf } from './formula.ts';

/** Features that give the target away. */
export interface Leak {
  readonly columns: readonly InferredColumn[];
  /** Of them, those that are derived from the target or known only together with it. Without them the others say less. */
  readonly derived: readonly InferredColumn[];
  /** '"casual" + "registered" is "cnt"' */
  readonly message: string;
}

/** The values of some lines, by column. */
export interface Sample {
  readonly rows: number;
  /** NaN for a missing value. */
  numbers(column: InferredColumn): Float64Array;
  texts(column: InferredColumn): readonly string[];
  /** Of a column of dates, in milliseconds; NaN for a missing value. */
  times(column: InferredColumn): Float64Array;
}

interface Given {
  readonly target: InferredColumn;
  readonly kind: Kind;
  readonly features: readonly InferredColumn[];
}

/** Of sums that are looked for one after another: without the parts of one, there may be a second. */
const mostFormulas = 5;

/** Finds features that alone explain the target of every line, and numbers and dates that the target is computed from. */
export function findLeaks({ target, kind, features }: Given, sample: Sample): readonly Leak[] {
  const copies = features.flatMap((column): readonly Leak[] => {
    const message = explains(column, { target, kind }, sample);
    return message === undefined ? [] : [{ columns: [column], derived: [column], message }];
  });
  if (kind !== 'number') return copies;
  const found = [...copies, ...durations(target, features, sample)];
  for (let round = 0; round < mostFormulas; round++) {
    const others = features.filter((column) => !found.some(({ derived }) => derived.includes(column)));
    const formula = formulaOf(target, others, sample);
    if (!formula) break;
    found.push(formula);
  }
  return found;
}

/** The time from one date to another, in any unit. */
function durations(
  target: InferredColumn,
  features: readonly InferredColumn[],
  sample: Sample,
): readonly Leak[] {
  const dates = features.filter((column) => column.dates && column.distinct > 1);
  const pairs = dates.flatMap((from) => dates.filter((to) => to !== from).map((to) => [from, to] as const));
  const found = pairs.find(([from, to]) => {
    const [start, end] = [sample.times(from), sample.times(to)];
    const lengths = end.map((time, line) => time - (start[line] ?? NaN));
    return isLength(lengths, sample.numbers(target));
  });
  if (!found) return [];
  const [from, to] = found;
  return [
    {
      columns: [from, to],
      derived: [to],
      message: `the time from "${from.name}" to "${to.name}" is "${target.name}"`,
    },
  ];
}

/** Of a day, an hour, a minute, a second and a millisecond, in milliseconds. */
const units = [86_400_000, 3_600_000, 60_000, 1000, 1];
/** Of the lines: a few may be wrong. */
const nearlyAll = 0.97;
/** Of the target's range, in the unit: a start or an end can count as a whole day, and parts of one are rounded. */
const fewestUnits = 10;

function isLength(lengths: Float64Array, target: Float64Array): boolean {
  const lines = [...target.keys()].filter(
    (line) => !Number.isNaN((target[line] ?? NaN) + (lengths[line] ?? NaN)),
  );
  if (lines.length < target.length / 2) return false;
  let [least, greatest] = [Infinity, -Infinity];
  for (const line of lines) {
    least = Math.min(least, target[line] ?? NaN);
    greatest = Math.max(greatest, target[line] ?? NaN);
  }
  return (
    greatest - least >= fewestUnits &&
    units.some((unit) => {
      const close = lines.filter(
        (line) => Math.abs((lengths[line] ?? NaN) / unit - (target[line] ?? NaN)) <= 1,
      );
      return close.length >= nearlyAll * lines.length;
    })
  );
}
