import type { AliasMove } from './model.ts';

/**
 * The version to go back to: the one that was live before the present version first became live. Skips versions that
 * were rolled back before and versions that are not registered any more. If the alias is unset, its last version.
 * @param changes of one alias, the latest first
 * @returns undefined if there is no earlier version
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
