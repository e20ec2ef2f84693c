import type { RocPointView } from '../../../../src/client/index.ts';

/** The points as a line, which begins where nobody is called a yes. */
export function rocLine(points: readonly RocPointView[]): readonly (readonly [x: number, y: number])[] {
  return [[0, 0], ...points.map(({ falseAlarms, found }) => [falseAlarms, found] as const)];
}

const mostRows = 20;

/** Points for a table: about 20, evenly spread along the curve, with the last. */
export function rocRows(points: readonly RocPointView[]): readonly RocPointView[] {
  let listed = 0;
  return points.filter(({ falseAlarms, found }, index) => {
    const along = ((falseAlarms + found) / 2) * mostRows;
    if (along < listed && index < points.length - 1) return false;
    listed = Math.floor(along) + 1;
    return true;
  });
}
