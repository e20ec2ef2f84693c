import { PlatformError } from '../../kernel/errors.ts';
import type { RunId } from '../../kernel/ids.ts';
import { artifactPath, type ArtifactPath, joinPaths, pathWithin } from '../../tracking/artifacts/path.ts';
import type { ArtifactStore, OpenArtifact } from '../../tracking/artifacts/store.ts';
import { findArtifactOwner, isLoggedModelId } from '../artifact-owner.ts';
import { type NewChange, streamOf } from './change.ts';
import type { MirrorQueue, RemoteId } from './queue.ts';
import { sendBy, type SendDeps, type Senders, type SendStream } from './senders.ts';

/**
 * An artifact store that queues every file that is put or removed before it acknowledges the write. Uploads go through
 * this process, so that none is missed; downloads may still go straight to the bucket.
 */
export function mirroredArtifacts(store: ArtifactStore, queue: Pick<MirrorQueue, 'add'>): ArtifactStore {
  const queueChange = (kind: 'file' | 'file-gone', path: ArtifactPath): Promise<void> => {
    const owned = findArtifactOwner(path);
    // A purge removes the folder of a whole run; the other server keeps its copy.
    if (!owned || owned.path === '') return Promise.resolve();
    const { id, path: value } = owned;
    const change: NewChange = { stream: streamOf('files', id), kind, key: path, note: id, value };
    return queue.add([change]);
  };
  const { direct } = store;
  return {
    check: () => store.check(),
    async put(path, content, options) {
      const stored = await store.put(path, content, options);
      await queueChange('file', path);
      return stored;
    },
    open: (path) => store.open(path),
    stat: (path) => store.stat(path),
    list: (folder) => store.list(folder),
    async remove(path) {
      await store.remove(path);
      await queueChange('file-gone', path);
    },
    beginUpload: (path) => store.beginUpload(path),
    putPart: (path, part, content) => store.putPart(path, part, content),
    async completeUpload(path, upload, parts) {
      await store.completeUpload(path, upload, parts);
      await queueChange('file', path);
    },
    abortUpload: (path, upload) => store.abortUpload(path, upload),
    ...(direct && { direct: { ...direct, upload: async () => undefined } }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}

/** Sends the files of a run or a logged model. Of several changes to one file only the last is sent. */
export const sendFiles: SendStream = async (id, changes, deps) => {
  const { remoteIds } = deps;
  const remote = await (isLoggedModelId(id) ? remoteIds.loggedModel(id) : remoteIds.run(id));
  if (!remote) return deps.done(changes);
  const senders = fileSenders(id, { remote, deps });
  const last = new Map(changes.map((change) => [change.key, change]));
  for (const change of changes)
    await deps.attempt([change], async () => {
      if (last.get(change.key) === change) await sendBy(senders, change);
    });
};

interface Destination {
  readonly remote: RemoteId;
  readonly deps: SendDeps;
}

function fileSenders(id: string, to: Destination): Senders {
  const { target } = to.deps;
  return {
    file: ({ key, value }) => putFile(artifactPath(key), value, to),
    'file-gone': ({ value }) => target.files.delete(to.remote.artifactUri, value),
    async folder({ key, value }) {
      const folder = key === '' ? await ownFolder(id, to.deps) : artifactPath(key);
      if (folder !== undefined) await putFolder(folder, value, to);
    },
  };
}

/** A missing file was deleted after it was put; its deletion comes later in the queue. */
async function putFile(path: ArtifactPath, remotePath: string, { remote, deps }: Destination): Promise<void> {
  const opened = await openIfThere(path, deps);
  if (!opened) return;
  await using file = opened;
  await deps.target.files.put(remote.artifactUri, remotePath, { size: file.size, content: file.read() });
}

async function openIfThere(path: ArtifactPath, { artifacts }: SendDeps): Promise<OpenArtifact | undefined> {
  try {
    return await artifacts.open(path);
  } catch (error) {
    if (error instanceof PlatformError && error.code === 'ARTIFACT_NOT_FOUND') return undefined;
    throw error;
  }
}

async function putFolder(folder: ArtifactPath, remotePath: string, to: Destination): Promise<void> {
  for (const { path, size } of await to.deps.artifacts.list(folder)) {
    const inner = joinPaths(remotePath as ArtifactPath, pathWithin(folder, path) ?? path);
    await (size === undefined ? putFolder(path, inner, to) : putFile(path, inner, to));
  }
}

/** The folder of a run's or logged model's files here; absent where another store has them. */
async function ownFolder(
  id: string,
  { runs, loggedModels }: Pick<SendDeps, 'runs' | 'loggedModels'>,
): Promise<ArtifactPath | undefined> {
  const uri = isLoggedModelId(id)
    ? (await loggedModels.get(id, { deleted: true }))?.artifactUri
    : (await runs.get(id as RunId))?.info.artifactUri;
  const [, path] = /^mlflow-artifacts:(?:\/\/[^/]*)?\/(.+)$/.exec(uri ?? '') ?? [];
  return path !== undefined && findArtifactOwner(path) ? artifactPath(path) : undefined;
}
