import type { JsonObject } from '../../kernel/json.ts';
import type { UnlikeRows } from './batch.ts';

/** A field whose value is unlike those that a version learned from. */
export type UnlikeField = Omit<UnlikeRows, 'rows'>;

/** The fields of a request with such a value. */
export type FindUnlike = (request: JsonObject) => readonly UnlikeField[];

/** Counts rows by field, and continues from what was counted before. */
export function unlikeCounter(
  before: readonly UnlikeRows[],
  find: FindUnlike,
): { add(request: JsonObject): void; rows(): readonly UnlikeRows[] } {
  const keyOf = ({ field, unlike }: UnlikeField): string => `${unlike} ${field}`;
  const counts = new Map(before.map((each) => [keyOf(each), each]));
  return {
    add(request) {
      for (const found of find(request)) {
        const key = keyOf(found);
        counts.set(key, { ...found, rows: (counts.get(key)?.rows ?? 0) + 1 });
      }
    },
    rows: () => [...counts.values()].toSorted((a, b) => b.rows - a.rows),
  };
}
