import type { TrainingRows, TrainingSubsets } from '../project/models/trainer.ts';
import { selectRows } from './rows.ts';

const share = 0.15;

/**
 * Divides rows into those that fit a model and those that say when to stop: the groups that begin latest, a seventh of the
 * rows or one group.
 * @returns undefined for a single group
 */
export function holdOut(rows: TrainingRows): TrainingSubsets | undefined {
  const starts = new Map<number, number>();
  const sizes = new Map<number, number>();
  for (const [row, group] of rows.group.entries()) {
    const order = rows.order[row] as number;
    starts.set(group, Math.min(order, starts.get(group) ?? order));
    sizes.set(group, (sizes.get(group) ?? 0) + 1);
  }
  const latestFirst = [...starts].toSorted((a, b) => b[1] - a[1] || b[0] - a[0]).map(([group]) => group);
  if (latestFirst.length < 2) return undefined;
  const most = rows.group.length * share;
  const held = new Set<number>();
  let count = 0;
  for (const group of latestFirst.slice(0, -1)) {
    count += sizes.get(group) as number;
    if (held.size > 0 && count > most) break;
    held.add(group);
  }
  const numbers = Int32Array.from(rows.group.keys());
  return {
    train: selectRows(
      rows,
      numbers.filter((row) => !held.has(rows.group[row] as number)),
    ),
    validation: selectRows(
      rows,
      numbers.filter((row) => held.has(rows.group[row] as number)),
    ),
  };
}
