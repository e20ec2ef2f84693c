import type { Values } from '../metrics/rows.ts';
import type { Curve } from './curve.ts';
import { smoothedTargets } from './smoothed-targets.ts';

interface Block {
  first: number;
  last: number;
  rows: number;
  mean: number;
}

/**
 * Isotonic regression by pool adjacent violators: the rising curve with the least squared error to Platt's smoothed targets.
 * Without them, a few rows of one outcome at an end of the curve would make it exactly 0 or 1. Rows with equal
 * probabilities are one point. Between points it is linear, as in scikit-learn.
 * @param truth 1 for yes and 0 for no, with both
 */
export function fitIsotonic(probability: Values, truth: Values): Curve {
  const blocks: Block[] = [];
  for (const point of pointsOf(probability, smoothedTargets(truth))) {
    let block: Block = { first: point.at, last: point.at, rows: point.rows, mean: point.mean };
    for (let last = blocks.at(-1); last && last.mean >= block.mean; last = blocks.at(-1)) {
      blocks.pop();
      block = merged(last, block);
    }
    blocks.push(block);
  }
  const ends = blocks.flatMap(({ first, last, mean }) =>
    first === last
      ? [[first, mean] as const]
      : ([
          [first, mean],
          [last, mean],
        ] as const),
  );
  return { method: 'isotonic', from: ends.map(([at]) => at), to: ends.map(([, mean]) => mean) };
}

function merged(low: Block, high: Block): Block {
  const rows = low.rows + high.rows;
  return {
    first: low.first,
    last: high.last,
    rows,
    mean: (low.mean * low.rows + high.mean * high.rows) / rows,
  };
}

function pointsOf(
  probability: Values,
  targets: Values,
): readonly { readonly at: number; readonly rows: number; readonly mean: number }[] {
  const byProbability = new Map<number, { rows: number; sum: number }>();
  for (const [row, at] of Array.from(probability).entries()) {
    const point = byProbability.get(at) ?? { rows: 0, sum: 0 };
    byProbability.set(at, { rows: point.rows + 1, sum: point.sum + (targets[row] as number) });
  }
  return [...byProbability]
    .toSorted(([one], [other]) => one - other)
    .map(([at, { rows, sum }]) => ({ at, rows, mean: sum / rows }));
}
