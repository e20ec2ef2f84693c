import type { ArtifactPath } from '../../tracking/artifacts/path.ts';
import type { ArtifactStore } from '../../tracking/artifacts/store.ts';
import { laneOf, type NewChange } from './change.ts';
import { filePlace } from './file-place.ts';
import type { MirrorQueue } from './queue.ts';

/**
 * A store that notes for the mirror what is put and removed, before it says that it was. Every byte of an upload goes
 * through us, so that none is missed; downloads go on without us where they did.
 */
export function notedArtifacts(store: ArtifactStore, queue: Pick<MirrorQueue, 'add'>): ArtifactStore {
  const note = (kind: 'file' | 'file-gone', path: ArtifactPath): Promise<void> => {
    const place = filePlace(path);
    // The folder of a whole run goes by a purge: the other server keeps what it has.
    if (!place || place.path === '') return Promise.resolve();
    const { owner, path: value } = place;
    const change: NewChange = { lane: laneOf('files', owner.id), kind, key: path, note: owner.id, value };
    return queue.add([change]);
  };
  const { direct } = store;
  return {
    async put(path, content, options) {
      const stored = await store.put(path, content, options);
      await note('file', path);
      return stored;
    },
    open: (path) => store.open(path),
    stat: (path) => store.stat(path),
    list: (folder) => store.list(folder),
    async remove(path) {
      await store.remove(path);
      await note('file-gone', path);
    },
    beginUpload: (path) => store.beginUpload(path),
    putPart: (path, place, content) => store.putPart(path, place, content),
    async completeUpload(path, upload, parts) {
      await store.completeUpload(path, upload, parts);
      await note('file', path);
    },
    abortUpload: (path, upload) => store.abortUpload(path, upload),
    ...(direct && { direct: { ...direct, upload: async () => undefined } }),
    [Symbol.asyncDispose]: () => store[Symbol.asyncDispose](),
  };
}
