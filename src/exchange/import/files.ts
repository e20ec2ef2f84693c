import { PlatformError } from '../../kernel/errors.ts';
import { ownLocation } from '../../tracking/artifacts/location.ts';
import { type ArtifactPath, artifactPath, joinPaths } from '../../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import { mapConcurrent } from '../../kernel/map-concurrent.ts';
import type { Tally } from './left-out.ts';
import { isShared } from '../artifact-owner.ts';
import type { Session } from './session.ts';
import type { FileOwner, SourceFile, SourceGap } from './source.ts';

/** Files at a time, of one run. */
const width = 4;
/** Tries of a file whose bytes stop on their way. */
const attempts = 3;

export interface FoundFiles {
  /** Where they lie in the end. */
  readonly folder: string;
  readonly files: readonly (SourceFile | SourceGap)[];
}

/** What a run or a logged model has for files. Those in a store that clients reach stay there if the source has none of them. */
export async function findFiles(
  { source, withFiles }: Session,
  owner: FileOwner,
  { ours, tally }: { readonly ours: string; readonly tally: Tally },
): Promise<FoundFiles> {
  const elsewhere = { folder: isShared(owner.uri) ? owner.uri : ours, files: [] };
  if (!withFiles) return elsewhere;
  const found = await source.files(owner);
  if (found.kind === 'elsewhere') {
    tally.leave('files', found.why);
    return elsewhere;
  }
  const files: (SourceFile | SourceGap)[] = [];
  for await (const file of found.files) files.push(file);
  return { folder: ours, files };
}

/**
 * Brings files one by one. One that is here with the same size is left as it is where `isSame` says that nothing has
 * changed since.
 */
export async function bringFiles(
  artifacts: ArtifactStore,
  { folder, files }: FoundFiles,
  { tally, isSame }: { readonly tally: Tally; readonly isSame: boolean },
): Promise<void> {
  const base = ownLocation(folder);
  await mapConcurrent(files, width, async (file) => {
    try {
      const size = await bringFile(artifacts, base, { file, isSame });
      tally.count('file');
      tally.count('byte', size);
    } catch (error) {
      const why = lastingFault(error);
      if (why === undefined) throw error;
      tally.leave('file', why, file.path);
    }
  });
}

/** @returns its size */
async function bringFile(
  artifacts: ArtifactStore,
  base: ArtifactPath,
  { file, isSame }: { readonly file: SourceFile | SourceGap; readonly isSame: boolean },
): Promise<number> {
  if ('why' in file) throw noFile(file);
  const path = joinPaths(base, artifactPath(file.path));
  if (isSame && file.size !== undefined) {
    const here = await artifacts.stat(path);
    if (here?.size === file.size) return file.size;
  }
  for (let attempt = 1; ; attempt += 1)
    try {
      return (await artifacts.put(path, await file.open())).size;
    } catch (error) {
      if (attempt === attempts || !isCut(error)) throw error;
    }
}

/** Whether the bytes stopped on their way. */
function isCut(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'PEER_FAILED';
}

/** Why a file cannot be brought, whenever that is tried; absent for what may go better later. */
function lastingFault(error: unknown): string | undefined {
  if (!(error instanceof PlatformError)) return undefined;
  return ['ARTIFACT_NOT_FOUND', 'INPUT_INVALID'].includes(error.code) ? error.detail.remedy : undefined;
}

function noFile({ path, why }: SourceGap): PlatformError {
  return new PlatformError('ARTIFACT_NOT_FOUND', { field: 'file', value: path, remedy: why });
}
