import { seededRandom } from '../../kernel/random.ts';
import type { TrainingRows } from '../../project/models/trainer.ts';
import { selectRows } from '../rows.ts';

/** The rows of groups, drawn by the seed until they have this share of the rows. Rows keep their order. */
export function shareOfRows(rows: TrainingRows, share: number, seed: number): TrainingRows {
  if (share >= 1) return rows;
  const sizes = new Map<number, number>();
  for (const group of rows.group) sizes.set(group, (sizes.get(group) ?? 0) + 1);
  const random = seededRandom(seed);
  const shuffled = [...sizes]
    .toSorted(([a], [b]) => a - b)
    .map(([group, size]) => ({ group, size, key: random() }))
    .toSorted((a, b) => a.key - b.key);
  const chosen = new Set<number>();
  let count = 0;
  for (const { group, size } of shuffled) {
    if (count >= share * rows.group.length) break;
    chosen.add(group);
    count += size;
  }
  return selectRows(
    rows,
    Int32Array.from([...rows.group.keys()].filter((row) => chosen.has(rows.group[row] as number))),
  );
}
