import type { ScoredBooleans } from '../metrics/boolean.ts';
import type { Cutoffs } from './cutoffs.ts';

/** What follows from calling all rows of a probability or more a yes. */
export interface RocPoint {
  /** The probability, 0 to 1. */
  readonly from: number;
  /** Of the rows that were a no, the share that are called a yes. */
  readonly falseAlarms: number;
  /** Of the rows that were a yes, the share that are called so. */
  readonly found: number;
}

const mostPoints = 200;

/**
 * The corners of a ROC curve, from the highest probability to the lowest. The curve begins where nobody is called a yes,
 * which is no point of its own; the last point is where all are.
 * @returns at most 200 points; undefined unless there are rows of both kinds, and if a probability is not known
 */
export function rocOf({ truth, probability }: ScoredBooleans): readonly RocPoint[] | undefined {
  const yes = Array.from(truth).filter((value) => value === 1).length;
  const no = truth.length - yes;
  if (yes === 0 || no === 0 || Array.from(probability).some(Number.isNaN)) return undefined;
  const shares = Float64Array.from(probability);
  const order = Uint32Array.from(shares.keys()).sort((a, b) => (shares[b] as number) - (shares[a] as number));
  const points: RocPoint[] = [];
  let [alarms, hits] = [0, 0];
  for (const [at, row] of order.entries()) {
    if (truth[row] === 1) hits += 1;
    else alarms += 1;
    const from = shares[row] as number;
    const next = order[at + 1];
    if (next === undefined || shares[next] !== from)
      points.push({ from, falseAlarms: alarms / no, found: hits / yes });
  }
  return cornersOf(points);
}

/** The points at whole percents; undefined unless there are rows of both kinds. */
export function rocOfCutoffs({ rows, yes, called, right }: Cutoffs): readonly RocPoint[] | undefined {
  const no = rows - yes;
  if (yes === 0 || no === 0) return undefined;
  return called
    .map((each, percent) => ({
      from: percent / 100,
      falseAlarms: (each - (right[percent] ?? 0)) / no,
      found: (right[percent] ?? 0) / yes,
    }))
    .toReversed();
}

/** The area under straight lines from point to point: the AUC, if they are all points of the curve. */
export function areaUnder(points: readonly RocPoint[]): number {
  let [area, before] = [0, start];
  for (const point of points) {
    area += ((point.falseAlarms - before.falseAlarms) * (point.found + before.found)) / 2;
    before = point;
  }
  return area;
}

const start: RocPoint = { from: 1, falseAlarms: 0, found: 0 };
/** Rounding errors bend a straight line by less. */
const straight = 1e-9;

interface Piece {
  /** The indexes of its ends. */
  readonly ends: readonly [number, number];
  /** The index of the point that is farthest from the straight line between them. */
  readonly corner: number;
  readonly distance: number;
}

/** The points without which straight lines from point to point would differ most, in their order. */
function cornersOf(points: readonly RocPoint[]): readonly RocPoint[] {
  const curve = [start, ...points];
  const pieces = [pieceOf(curve, [0, curve.length - 1])];
  while (pieces.length < mostPoints) {
    const farthest = Math.max(...pieces.map(({ distance }) => distance));
    const at = pieces.findIndex(({ distance }) => distance === farthest);
    const piece = pieces[at];
    if (!piece || piece.distance <= straight) break;
    const [first, last] = piece.ends;
    const halves = [pieceOf(curve, [first, piece.corner]), pieceOf(curve, [piece.corner, last])];
    pieces.splice(at, 1, ...halves);
  }
  return pieces.flatMap(({ ends: [, last] }) => curve[last] ?? []);
}

function pieceOf(curve: readonly RocPoint[], ends: Piece['ends']): Piece {
  const [one, other] = [curve[ends[0]] ?? start, curve[ends[1]] ?? start];
  const [across, up] = [other.falseAlarms - one.falseAlarms, other.found - one.found];
  const length = Math.hypot(across, up);
  let [corner, distance] = [ends[0], 0];
  for (let at = ends[0] + 1; at < ends[1]; at++) {
    const { falseAlarms, found } = curve[at] ?? start;
    const away = Math.abs((falseAlarms - one.falseAlarms) * up - (found - one.found) * across) / length;
    if (away > distance) [corner, distance] = [at, away];
  }
  return { ends, corner, distance };
}
