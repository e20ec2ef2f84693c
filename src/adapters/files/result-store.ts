import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { z } from 'zod';
import { type Digest, digestOf } from '../../kernel/digest.ts';
import type { ResultStore } from '../../pipeline/ports.ts';
import { resultPointer, taskResult } from '../../pipeline/stored-result.ts';
import type { TaskName, TaskResult } from '../../pipeline/task.ts';
import { ensureFolder, replaceFile, writing } from './durable.ts';

/**
 * Results in a folder: `by-key/ab/cdef….json`, and `last/` with the latest key of each task. A file that cannot be
 * parsed is ignored: the task runs again and replaces it.
 * @throws PlatformError STATE_UNWRITABLE
 */
export async function openFileResultStore(folder: string): Promise<ResultStore> {
  await writing(folder, () => ensureFolder(folder));
  const temporaryFolder = join(folder, 'tmp');
  const resultPath = (key: Digest): string => join(folder, 'by-key', key.slice(0, 2), `${key.slice(2)}.json`);
  const lastPath = (task: TaskName): string => join(folder, 'last', `${fileName(task)}.json`);
  const find = async (key: Digest): Promise<TaskResult | undefined> => {
    const result = await readJson(resultPath(key), taskResult);
    return result?.key === key ? result : undefined;
  };
  return {
    find,
    async save(result) {
      await replaceFile(resultPath(result.key), { temporaryFolder, content: JSON.stringify(result) });
      const pointer = JSON.stringify({ task: result.task, key: result.key });
      await replaceFile(lastPath(result.task), { temporaryFolder, content: pointer });
    },
    async last(task) {
      const pointer = await readJson(lastPath(task), resultPointer);
      return pointer?.task === task ? find(pointer.key) : undefined;
    },
  };
}

/** A readable file name, unique even if the disk ignores case or limits lengths. */
function fileName(task: TaskName): string {
  return `${task.replaceAll(/[^\w.-]+/g, '-').slice(0, 80)}-${digestOf(task).slice(0, 8)}`;
}

async function readJson<Value>(path: string, schema: z.ZodType<Value>): Promise<Value | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return schema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
