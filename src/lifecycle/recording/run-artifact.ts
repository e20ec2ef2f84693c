import { Readable } from 'node:stream';
import type { RunId } from '../../kernel/ids.ts';
import { ownLocation } from '../../tracking/artifacts/location.ts';
import { artifactPath, joinPaths } from '../../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import type { RunStore } from '../../tracking/run-store.ts';

/** Where files of a run go. */
export interface RunArtifacts {
  readonly runs: Pick<RunStore, 'get'>;
  /** @default nowhere */
  readonly artifacts?: Pick<ArtifactStore, 'put'> | undefined;
}

/** A file of a run, as the run's clients find it among its artifacts. */
export interface RunFile {
  readonly name: string;
  readonly content: Uint8Array;
}

/** Stores a file with a run, if the run exists. */
export async function putRunArtifact(
  id: RunId,
  { name, content }: RunFile,
  { runs, artifacts }: RunArtifacts,
): Promise<void> {
  const created = artifacts && (await runs.get(id));
  if (!created) return;
  const path = joinPaths(ownLocation(created.info.artifactUri), artifactPath(name));
  await artifacts.put(path, Readable.from([content]));
}
