import { PlatformError } from '../../kernel/errors.ts';
import type { RunId } from '../../kernel/ids.ts';
import { artifactPath, type ArtifactPath, joinPaths, pathWithin } from '../../tracking/artifacts/path.ts';
import type { OpenArtifact } from '../../tracking/artifacts/store.ts';
import { filePlace, isLoggedModel } from './file-place.ts';
import type { Counterpart } from './queue.ts';
import { sendBy, type SendDeps, type SendLane, type Senders } from './send.ts';

/** Sends the files of a run or a logged model. */
export const sendFiles: SendLane = async (id, changes, deps) => {
  const { counterparts } = deps;
  const theirs = await (isLoggedModel(id) ? counterparts.loggedModel(id) : counterparts.run(id));
  if (!theirs) return deps.done(changes);
  const senders = sendersOf(id, { theirs, deps });
  const last = new Map(changes.map((change) => [change.key, change]));
  for (const change of changes)
    await deps.attempt([change], async () => {
      if (last.get(change.key) === change) await sendBy(senders, change);
    });
};

interface Destination {
  readonly theirs: Counterpart;
  readonly deps: SendDeps;
}

function sendersOf(id: string, to: Destination): Senders {
  const { target } = to.deps;
  return {
    file: ({ key, value }) => putFile(artifactPath(key), value, to),
    'file-gone': ({ value }) => target.files.delete(to.theirs.place, value),
    async folder({ key, value }) {
      const folder = key === '' ? await ownFolder(id, to.deps) : artifactPath(key);
      if (folder !== undefined) await putFolder(folder, value, to);
    },
  };
}

/** A file that is not here any more was deleted after it was put: that comes later in the queue. */
async function putFile(path: ArtifactPath, place: string, { theirs, deps }: Destination): Promise<void> {
  const opened = await openIfThere(path, deps);
  if (!opened) return;
  await using file = opened;
  await deps.target.files.put(theirs.place, place, { size: file.size, content: file.read() });
}

async function openIfThere(path: ArtifactPath, { artifacts }: SendDeps): Promise<OpenArtifact | undefined> {
  try {
    return await artifacts.open(path);
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'ARTIFACT_NOT_FOUND') return undefined;
    throw error;
  }
}

async function putFolder(folder: ArtifactPath, place: string, to: Destination): Promise<void> {
  for (const { path, size } of await to.deps.artifacts.list(folder)) {
    const inner = joinPaths(place as ArtifactPath, pathWithin(folder, path) ?? path);
    await (size === undefined ? putFolder(path, inner, to) : putFile(path, inner, to));
  }
}

/** Where all files of a run or a logged model lie here; absent where another store has them. */
async function ownFolder(
  id: string,
  { runs, loggedModels }: Pick<SendDeps, 'runs' | 'loggedModels'>,
): Promise<ArtifactPath | undefined> {
  const uri = isLoggedModel(id)
    ? (await loggedModels.get(id, { deleted: true }))?.artifactUri
    : (await runs.get(id as RunId))?.info.artifactUri;
  const [, path] = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(uri ?? '') ?? [];
  return path !== undefined && filePlace(path) ? artifactPath(path) : undefined;
}
