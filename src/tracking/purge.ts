import { PlatformError } from '../kernel/errors.ts';
import type { Clock } from '../kernel/clock.ts';
import { locationOf } from './artifacts/location.ts';
import { rootPath } from './artifacts/path.ts';
import type { ArtifactStore } from './artifacts/store.ts';
import type { KeptItem, PurgedFolder, PurgeItem, PurgeSelection, PurgeStore } from './purge-store.ts';

export interface PurgeDeps {
  readonly store: PurgeStore;
  /** Where artifacts lie, without the files of datasets: these are shared, and stay. */
  readonly artifacts: Pick<ArtifactStore, 'remove'>;
  readonly now: Clock;
}

/** A folder that could not be removed. It stays noted: the next purge tries again. */
export interface LeftFolder {
  readonly location: string;
  readonly why: string;
}

export interface PurgeReport {
  readonly gone: readonly PurgeItem[];
  readonly kept: readonly KeptItem[];
  /** How many folders of artifacts are gone, with those that an earlier purge could not remove. */
  readonly foldersRemoved: number;
  /** Folders in stores that this server does not write to: they stay where they are. */
  readonly elsewhere: readonly string[];
  readonly left: readonly LeftFolder[];
}

/** Folders that are looked at together. */
const atOnce = 500;

/**
 * Removes for good what was deleted: first from the tables, then the artifacts. What an earlier purge did not come to is
 * done with it.
 */
export async function purge(
  selection: PurgeSelection,
  { store, artifacts, now }: PurgeDeps,
): Promise<PurgeReport> {
  const { go, kept } = await store.plan(selection);
  const gone = await store.remove(go, now());
  const goneKeys = new Set(gone.map(keyOf));
  const changed = go.filter((item) => !goneKeys.has(keyOf(item)));
  const folders = await removeFolders({ store, artifacts });
  return { gone, kept: [...kept, ...changed.map(keptMeanwhile)], ...folders };
}

async function removeFolders({
  store,
  artifacts,
}: Pick<PurgeDeps, 'store' | 'artifacts'>): Promise<
  Pick<PurgeReport, 'foldersRemoved' | 'elsewhere' | 'left'>
> {
  const elsewhere: string[] = [];
  let foldersRemoved = 0;
  for (;;) {
    const folders = await store.folders(atOnce);
    if (!folders.length) return { foldersRemoved, elsewhere, left: [] };
    for (const [index, folder] of folders.entries()) {
      const end = await removeFolder(folder, artifacts);
      // A store that fails once would most likely keep the caller waiting for each of the others as well.
      if (typeof end === 'object')
        return { foldersRemoved, elsewhere, left: folders.slice(index).map(leftBecause(end.why)) };
      await store.forgetFolder(folder.location);
      if (end === 'elsewhere') elsewhere.push(folder.location);
      if (end === 'removed') foldersRemoved += 1;
    }
  }
}

function leftBecause(why: string): (folder: PurgedFolder) => LeftFolder {
  return ({ location }) => ({ location, why });
}

async function removeFolder(
  { location, inUse }: PurgedFolder,
  artifacts: PurgeDeps['artifacts'],
): Promise<'removed' | 'elsewhere' | 'in use' | { readonly why: string }> {
  if (inUse) return 'in use';
  try {
    const path = locationOf(location);
    if (path === undefined || path === rootPath) return 'elsewhere';
    await artifacts.remove(path);
    return 'removed';
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
    return error.code === 'INPUT_INVALID' ? 'elsewhere' : { why: error.message };
  }
}

function keptMeanwhile({ kind, id }: PurgeItem): KeptItem {
  return { kind, id, why: 'it was restored, or is needed by now' };
}

function keyOf({ kind, id }: PurgeItem): string {
  return `${kind} ${id}`;
}
