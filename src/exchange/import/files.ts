import { PlatformError } from '../../kernel/errors.ts';
import { mapConcurrent } from '../../kernel/map-concurrent.ts';
import { ownLocation } from '../../tracking/artifacts/location.ts';
import { type ArtifactPath, artifactPath } from '../../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import { isShared } from '../artifact-owner.ts';
import type { Session } from './session.ts';
import type { FileOwner, SourceFile, SourceGap } from './source.ts';
import type { Tally } from './tally.ts';

/** Files of one run that are copied at a time. */
const width = 4;
/** Attempts at a file whose download is cut short. */
const attempts = 3;

export interface FoundFiles {
  /** The URI of the folder that holds them after the import. */
  readonly folder: string;
  readonly files: readonly (SourceFile | SourceGap)[];
}

/** Lists the files of a run or logged model. Where the source has none, files in a shared store stay there. */
export async function findFiles(
  { source, withFiles }: Session,
  owner: FileOwner,
  { folder, tally }: { readonly folder: string; readonly tally: Tally },
): Promise<FoundFiles> {
  const none = { folder: isShared(owner.uri) ? owner.uri : folder, files: [] };
  if (!withFiles) return none;
  const found = await source.files(owner);
  if (found.kind === 'unavailable') {
    tally.report('files', found.reason);
    return none;
  }
  const files: (SourceFile | SourceGap)[] = [];
  for await (const file of found.files) files.push(file);
  return { folder, files };
}

/** Copies files. If `isUnchanged`, a file that is here with the same size is not copied again. */
export async function importFiles(
  artifacts: ArtifactStore,
  { folder, files }: FoundFiles,
  { tally, isUnchanged }: { readonly tally: Tally; readonly isUnchanged: boolean },
): Promise<void> {
  const base = ownLocation(folder);
  await mapConcurrent(files, width, async (file) => {
    try {
      const size = await importFile(artifacts, base, { file, isUnchanged });
      tally.count('file');
      tally.count('byte', size);
    } catch (error) {
      const reason = lastingFault(error);
      if (reason === undefined) throw error;
      tally.report('file', reason, file.path);
    }
  });
}

/** @returns its size */
async function importFile(
  artifacts: ArtifactStore,
  base: ArtifactPath,
  { file, isUnchanged }: { readonly file: SourceFile | SourceGap; readonly isUnchanged: boolean },
): Promise<number> {
  if ('reason' in file) throw noFile(file);
  // Only the whole path is checked: a name such as 'a:b.txt' alone looks like a drive letter.
  const path = artifactPath(`${base}/${file.path}`);
  if (isUnchanged && file.size !== undefined) {
    const copied = await artifacts.stat(path);
    if (copied?.size === file.size) return file.size;
  }
  for (let attempt = 1; ; attempt += 1)
    try {
      return (await artifacts.put(path, await file.open())).size;
    } catch (error) {
      if (attempt === attempts || !isCutShort(error)) throw error;
    }
}

function isCutShort(error: unknown): boolean {
  return error instanceof PlatformError && error.code === 'PEER_FAILED';
}

/** Why a file can never be imported; absent for an error that may pass. */
function lastingFault(error: unknown): string | undefined {
  if (!(error instanceof PlatformError)) return undefined;
  return ['ARTIFACT_NOT_FOUND', 'INPUT_INVALID'].includes(error.code) ? error.detail.remedy : undefined;
}

function noFile({ path, reason }: SourceGap): PlatformError {
  return new PlatformError('ARTIFACT_NOT_FOUND', { field: 'file', value: path, remedy: reason });
}
