import type { CutoffsView } from '../../../../src/client/index.ts';

/** What a cutoff of the probability leads to. */
export interface RocPoint {
  readonly percent: number;
  /** Of the rows that were a no, the share that are called a yes. */
  readonly falseAlarms: number;
  /** Of the rows that were a yes, the share that are called so. */
  readonly found: number;
}

/** The points of a ROC curve from the highest cutoff to the lowest; none unless there are rows of both kinds. */
export function rocPoints({ rows, yes, called, right }: CutoffsView): readonly RocPoint[] {
  const no = rows - yes;
  if (yes === 0 || no === 0) return [];
  return called
    .map((each, percent) => ({
      percent,
      falseAlarms: (each - (right[percent] ?? 0)) / no,
      found: (right[percent] ?? 0) / yes,
    }))
    .toReversed();
}

/** The points as a line, which begins where nobody is called a yes. */
export function rocLine(points: readonly RocPoint[]): readonly (readonly [x: number, y: number])[] {
  return [[0, 0], ...points.map(({ falseAlarms, found }) => [falseAlarms, found] as const)];
}
