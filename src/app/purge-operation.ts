import type { PurgeView } from '../api/purge-views.ts';
import type { Operations } from '../api/routes.ts';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { parseDuration } from '../kernel/units.ts';
import type { ArtifactStore } from '../tracking/artifacts/store.ts';
import { purge } from '../tracking/purge.ts';
import type { PurgeItem, PurgeSelection, PurgeStore } from '../tracking/purge-store.ts';

export interface PurgeDeps {
  readonly purges: PurgeStore;
  /** Without the files of datasets. */
  readonly artifacts: ArtifactStore;
  readonly now: Clock;
}

/** @throws PlatformError INPUT_INVALID for a request that selects nothing */
export async function purgeDeleted(
  input: Parameters<Operations['purge']>[0],
  { purges: store, artifacts, now }: PurgeDeps,
): Promise<PurgeView> {
  const selection = selectionOf(input, now());
  const { dryRun = false } = input;
  if (dryRun) {
    const { go, kept } = await store.plan(selection);
    return { dryRun, gone: go.map(purgedView), kept, foldersRemoved: 0, elsewhere: [], left: [] };
  }
  const { gone, ...report } = await purge(selection, { store, artifacts, now });
  return { dryRun, gone: gone.map(purgedView), ...report };
}

/** @throws PlatformError INPUT_INVALID for a request that selects nothing: it must not remove everything */
function selectionOf(
  {
    runs = [],
    loggedModels = [],
    experiments = [],
    registeredModels = [],
    olderThan,
  }: Parameters<Operations['purge']>[0],
  now: number,
): PurgeSelection {
  const named = { runs, loggedModels, experiments, registeredModels };
  if (olderThan === undefined && !Object.values(named).some(({ length }) => length > 0))
    throw new PlatformError('INPUT_INVALID', {
      field: 'olderThan',
      value: undefined,
      remedy: `Give it, or name what to remove in ${Object.keys(named).join(', ')}.`,
    });
  const deletedBefore = olderThan === undefined ? undefined : now - parseDuration(olderThan, 'olderThan');
  return { ...named, deletedBefore };
}

function purgedView({ kind, id, name, deletedAt }: PurgeItem): PurgeView['gone'][number] {
  return { kind, id, name, deletedAt: deletedAt || null };
}
