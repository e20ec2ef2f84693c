import type { AliasMove } from './model.ts';

/**
 * The version to go back to: the one that was live before the present one first came. What was rolled back is not gone
 * back to again, nor what is not registered any more; where the alias was taken away it is the one that it last had.
 * @param changes of one alias, the latest first
 * @returns undefined where nothing came before
 */
export function rollbackTarget(
  changes: readonly Pick<AliasMove, 'to'>[],
  isRegistered: (version: number) => boolean,
): number | undefined {
  const way: number[] = [];
  for (const { to } of changes.toReversed()) {
    if (to === undefined) continue;
    const before = way.indexOf(to);
    if (before >= 0) way.length = before;
    way.push(to);
  }
  const isAway = changes.at(0)?.to === undefined;
  return (isAway ? way : way.slice(0, -1)).findLast(isRegistered);
}
