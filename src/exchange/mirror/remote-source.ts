import type { ModelVersion } from '../../registry/model.ts';
import { folderAt } from '../../tracking/artifacts/location.ts';
import { findArtifactOwner, type OwnedArtifact } from '../artifact-owner.ts';
import type { RemoteIds } from './remote-ids.ts';

type Source = Pick<ModelVersion, 'source' | 'storage' | 'folder' | 'runId'>;

/**
 * The source of a version as the other server names it. A source outside our runs and logged models, such as a bucket, has
 * the same name there.
 */
export async function remoteSource(
  version: Source,
  remoteIds: Pick<RemoteIds, 'run' | 'loggedModel'>,
): Promise<string> {
  const { source, storage, folder, runId } = version;
  // A version of a client keeps its source, although the pipeline gave it a folder.
  if (folder !== undefined && runId !== undefined && folderAt(storage) !== undefined) {
    const remote = await remoteIds.run(runId);
    return remote ? `${remote.artifactUri}/modelyard/${folder}` : source;
  }
  const [, run, inRun = ''] = /^runs:\/([0-9a-f]{32})(\/.*)?$/.exec(source) ?? [];
  if (run !== undefined) {
    const remote = await remoteIds.run(run);
    return remote ? `runs:/${remote.id}${inRun}` : source;
  }
  const model = modelNamed(source);
  if (model !== undefined) {
    const remote = await remoteIds.loggedModel(model);
    return remote ? `models:/${remote.id}` : source;
  }
  const owner = ownerHere(storage);
  if (!owner) return storage;
  const { kind, id, path } = owner;
  const remote = await (kind === 'run' ? remoteIds.run(id) : remoteIds.loggedModel(id));
  if (!remote) return storage;
  return path === '' ? remote.artifactUri : `${remote.artifactUri}/${path}`;
}

/** The logged model that holds a version's files. MLflow 3.17 and newer want its id with the version. */
export function loggedModelIn({ source, storage }: Pick<Source, 'source' | 'storage'>): string | undefined {
  const owner = ownerHere(storage);
  return modelNamed(source) ?? (owner?.kind === 'logged model' ? owner.id : undefined);
}

function modelNamed(source: string): string | undefined {
  return /^models:\/(m-[0-9a-f]{32})$/.exec(source)?.[1];
}

function ownerHere(storage: string): OwnedArtifact | undefined {
  return /^(?:mlflow-artifacts|https?):/.test(storage) ? findArtifactOwner(storage) : undefined;
}
