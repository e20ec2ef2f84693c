import { addScaled, dot } from './vectors.ts';

/** A smooth function: writes its gradient into `gradient` and returns its value. */
export type Smooth = (at: Float64Array, gradient: Float64Array) => number;

interface MinimiseOptions {
  /** The L1 penalty of each variable. */
  readonly l1: Float64Array;
}

const remembered = 10;
const smallestStep = 1e-20;
const mostSteps = 1000;
/** Stops where no component of the pseudo-gradient is larger than this share of the first. */
const tolerance = 1e-8;

/**
 * The minimum of f(x) + Σ l1·|x| for a convex f: limited-memory BFGS with the orthant-wise rule for the L1 part (Andrew and
 * Gao, ICML 2007). Without L1 it is L-BFGS.
 */
export function minimise(smooth: Smooth, start: Float64Array, { l1 }: MinimiseOptions): Float64Array {
  let at: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(at.length);
  let value = smooth(at, gradient) + penalty(at, l1);
  const pairs: Pair[] = [];
  let first: number | undefined;
  for (let step = 0; step < mostSteps; step++) {
    const slope = pseudoGradient(at, gradient, l1);
    const size = slope.reduce((most, component) => Math.max(most, Math.abs(component)), 0);
    first ??= size;
    if (!(size > tolerance * Math.max(first, Number.MIN_VALUE))) break;
    const direction = descent(slope, pairs);
    const next = search(smooth, { at, value, slope, direction, l1, unit: pairs.length === 0 });
    if (!next) break;
    remember(pairs, difference(next.at, at), difference(next.gradient, gradient));
    ({ at, gradient, value } = next);
  }
  return at;
}

interface Pair {
  readonly moved: Float64Array;
  readonly turned: Float64Array;
  readonly curvature: number;
}

interface Point {
  readonly at: Float64Array;
  readonly value: number;
  readonly gradient: Float64Array;
}

function remember(pairs: Pair[], moved: Float64Array, turned: Float64Array): void {
  const curvature = dot(moved, turned);
  if (!(curvature > Number.EPSILON * dot(turned, turned))) return;
  pairs.push({ moved, turned, curvature });
  if (pairs.length > remembered) pairs.shift();
}

/** The steepest one-sided slope of each variable. */
function pseudoGradient(at: Float64Array, gradient: Float64Array, l1: Float64Array): Float64Array {
  return gradient.map((component, index) => {
    const pull = l1[index] as number;
    const value = at[index] as number;
    if (value !== 0) return component + pull * Math.sign(value);
    if (component + pull < 0) return component + pull;
    return component - pull > 0 ? component - pull : 0;
  });
}

/** The two-loop recursion, limited to where the slope points. */
function descent(slope: Float64Array, pairs: readonly Pair[]): Float64Array {
  const direction = slope.map((component) => -component);
  const shares: number[] = [];
  for (const { moved, turned, curvature } of pairs.toReversed()) {
    const share = dot(moved, direction) / curvature;
    shares.push(share);
    addScaled(direction, turned, -share);
  }
  const newest = pairs.at(-1);
  if (newest) {
    const scale = newest.curvature / dot(newest.turned, newest.turned);
    for (let index = 0; index < direction.length; index++)
      direction[index] = scale * (direction[index] as number);
  }
  for (const { moved, turned, curvature } of pairs)
    addScaled(direction, moved, (shares.pop() ?? 0) - dot(turned, direction) / curvature);
  return direction.map((component, index) => (component * (slope[index] as number) < 0 ? component : 0));
}

/** Halves the step until the value falls enough. A variable does not cross 0 in one step where it has an L1 penalty. */
function search(
  smooth: Smooth,
  from: {
    readonly at: Float64Array;
    readonly value: number;
    readonly slope: Float64Array;
    readonly direction: Float64Array;
    readonly l1: Float64Array;
    readonly unit: boolean;
  },
): Point | undefined {
  const { at, direction, slope, l1 } = from;
  const start = from.unit ? 1 / Math.max(1, Math.sqrt(dot(direction, direction))) : 1;
  for (let share = start; share > smallestStep; share /= 2) {
    const next = at.map((value, index) => {
      const moved = value + share * (direction[index] as number);
      const sign = value === 0 ? -Math.sign(slope[index] as number) : Math.sign(value);
      return l1[index] === 0 || moved * sign > 0 ? moved : 0;
    });
    const gradient = new Float64Array(at.length);
    const value = smooth(next, gradient) + penalty(next, l1);
    const expected = next.reduce(
      (sum, moved, index) => sum + (slope[index] as number) * (moved - (at[index] as number)),
      0,
    );
    if (value <= from.value + 1e-4 * expected && value < from.value) return { at: next, value, gradient };
  }
  return undefined;
}

function penalty(at: Float64Array, l1: Float64Array): number {
  return at.reduce((sum, value, index) => sum + (l1[index] as number) * Math.abs(value), 0);
}

function difference(one: Float64Array, other: Float64Array): Float64Array {
  return one.map((value, index) => value - (other[index] as number));
}
