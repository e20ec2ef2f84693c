import { likeliest, type ScoredClasses } from '../metrics/class.ts';

/** Which classes are taken for which. */
export interface Confusion {
  /** The most frequent ones first. Null is all others together. */
  readonly classes: readonly (string | null)[];
  /** For each class, how many of its rows were predicted as each class: the one with the highest probability. */
  readonly counts: readonly (readonly number[])[];
}

const mostClasses = 12;

/** @returns undefined for no rows, and if a probability is not known */
export function confusionOf(
  { truth, probabilities }: ScoredClasses,
  names: readonly string[],
): Confusion | undefined {
  if (truth.length === 0) return undefined;
  const rowsOf = names.map(() => 0);
  for (const index of truth) rowsOf[index] = (rowsOf[index] ?? 0) + 1;
  const ranked = [...names.keys()].toSorted((a, b) => (rowsOf[b] ?? 0) - (rowsOf[a] ?? 0));
  const listed = ranked.length > mostClasses ? ranked.slice(0, mostClasses - 1) : ranked;
  const positions = new Map(listed.map((index, position) => [index, position]));
  const size = listed.length + (ranked.length > listed.length ? 1 : 0);
  const positionOf = (index: number): number => positions.get(index) ?? size - 1;
  const counts = Array.from({ length: size }, () => Array.from({ length: size }, () => 0));
  for (const [row, index] of Array.from(truth).entries()) {
    const predicted = likeliest(probabilities.map((ofClass) => ofClass[row] ?? Number.NaN));
    if (Number.isNaN(predicted)) return undefined;
    const line = counts[positionOf(index)] ?? [];
    line[positionOf(predicted)] = (line[positionOf(predicted)] ?? 0) + 1;
  }
  const classes = listed.map((index) => names[index] ?? null);
  return { classes: size > listed.length ? [...classes, null] : classes, counts };
}
