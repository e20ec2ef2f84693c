import type { BlobStore } from '../data/blob-store.ts';
import { hasDataset } from '../data/presence.ts';
import type { ResultStore } from './ports.ts';
import type { TaskResult } from './task.ts';

/** Finds only results whose data is complete: if data is lost or damaged, the task runs again. */
export function verifiedResults(results: ResultStore, blobs: BlobStore): ResultStore {
  const whole = async (result: TaskResult | undefined): Promise<TaskResult | undefined> => {
    for (const digest of Object.values(result?.outputs ?? {}))
      if (!(await hasDataset(digest, blobs))) return undefined;
    return result;
  };
  return {
    find: async (key) => whole(await results.find(key)),
    last: async (task) => whole(await results.last(task)),
    save: (result) => results.save(result),
  };
}
