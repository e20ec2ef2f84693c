import type { PurgeView } from '../api/purge-views.ts';
import type { Operations } from '../api/routes.ts';
import type { Clock } from '../kernel/clock.ts';
import { PlatformError } from '../kernel/errors.ts';
import { parseDuration } from '../kernel/units.ts';
import type { ArtifactStore } from '../tracking/artifacts/store.ts';
import { purge } from '../tracking/purge.ts';
import type { PurgeItem, PurgeSelection, PurgeStore } from '../tracking/purge-store.ts';
import type { RunMoves } from '../tracking/run-moves.ts';
import { experimentCalled, type RunSearchDeps, searchRuns } from './run-search.ts';

/** All runs, whoever made them, and what happens to them afterwards. */
export interface RunOperationDeps extends RunSearchDeps {
  readonly moves: RunMoves;
  readonly purges: PurgeStore;
  /** Without the files of datasets. */
  readonly artifacts: ArtifactStore;
  readonly now: Clock;
}

export function runOperations(deps: RunOperationDeps): Pick<Operations, 'searchRuns' | 'moveRuns' | 'purge'> {
  const { experiments, moves } = deps;
  return {
    searchRuns: (input) => searchRuns(input, deps),
    async moveRuns({ runs, experiment, nested = false }) {
      const { id } = await experimentCalled(experiment, experiments);
      return { moved: await moves.move({ runs, experimentId: id, nested }) };
    },
    purge: (input) => purgeDeleted(input, deps),
  };
}

async function purgeDeleted(
  input: Parameters<Operations['purge']>[0],
  { purges: store, artifacts, now }: RunOperationDeps,
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

/** @throws PlatformError INPUT_INVALID where nothing is asked for: that is no wish to remove everything */
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
      remedy: `Give it, or name what is to go in ${Object.keys(named).join(', ')}.`,
    });
  const deletedBefore = olderThan === undefined ? undefined : now - parseDuration(olderThan, 'olderThan');
  return { ...named, deletedBefore };
}

function purgedView({ kind, id, name, deletedAt }: PurgeItem): PurgeView['gone'][number] {
  return { kind, id, name, deletedAt: deletedAt || null };
}
