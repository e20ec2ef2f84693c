import type { CatalogueVersion } from '../../registry/catalogue-model.ts';
import { type FilePlace, filePlace } from './file-place.ts';
import type { Counterpart } from './queue.ts';

type Source = Pick<CatalogueVersion, 'source' | 'storage' | 'folder' | 'runId'>;

/** What runs and logged models of ours are on the other server. */
interface Pairs {
  run(id: string): Promise<Counterpart | undefined>;
  loggedModel(id: string): Promise<Counterpart | undefined>;
}

/**
 * The place of a version's files as the other server has it. What lies in no run or logged model of ours, such as a
 * bucket, is called there as it is here.
 */
export async function theirSource(version: Source, pairs: Pairs): Promise<string> {
  const { source, storage, folder, runId } = version;
  if (folder !== undefined && runId !== undefined) {
    const run = await pairs.run(runId);
    return run ? `${run.place}/modelyard/${folder}` : source;
  }
  const [, run, inRun = ''] = /^runs:\/([0-9a-f]{32})(\/.*)?$/.exec(source) ?? [];
  if (run !== undefined) {
    const theirs = await pairs.run(run);
    return theirs ? `runs:/${theirs.id}${inRun}` : source;
  }
  const model = modelNamed(source);
  if (model !== undefined) {
    const theirs = await pairs.loggedModel(model);
    return theirs ? `models:/${theirs.id}` : source;
  }
  const place = ownPlace(storage);
  if (!place) return storage;
  const { kind, id } = place.owner;
  const theirs = await (kind === 'run' ? pairs.run(id) : pairs.loggedModel(id));
  if (!theirs) return storage;
  return place.path === '' ? theirs.place : `${theirs.place}/${place.path}`;
}

/** The logged model that a version's files lie in. MLflow from 3.17 on wants it told. */
export function loggedModelIn({ source, storage }: Pick<Source, 'source' | 'storage'>): string | undefined {
  const owner = ownPlace(storage)?.owner;
  return modelNamed(source) ?? (owner?.kind === 'model' ? owner.id : undefined);
}

function modelNamed(source: string): string | undefined {
  return /^models:\/(m-[0-9a-f]{32})$/.exec(source)?.[1];
}

function ownPlace(storage: string): FilePlace | undefined {
  return /^(?:mlflow-artifacts|https?):/.test(storage) ? filePlace(storage) : undefined;
}
