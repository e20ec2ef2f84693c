import type { z } from 'zod';
import { digestOf, type Digest } from '../../kernel/digest.ts';
import type { ResultStore } from '../../pipeline/ports.ts';
import { resultPointer, taskResult } from '../../pipeline/stored-result.ts';
import type { TaskName } from '../../pipeline/task.ts';
import { isAbsent, openBucket, type S3Options, speaking } from './s3-bucket.ts';

/** Results as objects of a bucket: `results/by-key/ab/cdef….json`, and `results/last/` with the latest key of each task. */
export async function openS3ResultStore(options: S3Options): Promise<ResultStore & AsyncDisposable> {
  const bucket = await openBucket(options);
  const { sdk, client, keyOf } = bucket;
  const at = (path: string) => ({ Bucket: options.bucket, Key: keyOf(`results/${path}`) });
  const resultPath = (key: Digest): string => `by-key/${key.slice(0, 2)}/${key.slice(2)}.json`;
  const lastPath = (task: TaskName): string => `last/${digestOf(task)}.json`;

  const put = async (path: string, value: unknown): Promise<void> => {
    const Body = JSON.stringify(value);
    const command = new sdk.PutObjectCommand({ ...at(path), Body, ContentType: 'application/json' });
    await speaking(bucket, () => client.send(command));
  };
  const get = async <Value>(path: string, schema: z.ZodType<Value>): Promise<Value | undefined> => {
    const command = new sdk.GetObjectCommand(at(path));
    try {
      const { Body } = await speaking(bucket, () => client.send(command));
      return schema.safeParse(JSON.parse((await Body?.transformToString()) ?? '')).data;
    } catch (error) {
      if (isAbsent(error) || error instanceof SyntaxError) return undefined;
      throw error;
    }
  };
  const find = async (key: Digest) => {
    const result = await get(resultPath(key), taskResult);
    return result?.key === key ? result : undefined;
  };
  return {
    find,
    async save(result) {
      await put(resultPath(result.key), result);
      await put(lastPath(result.task), { task: result.task, key: result.key });
    },
    async last(task) {
      const pointer = await get(lastPath(task), resultPointer);
      return pointer?.task === task ? find(pointer.key) : undefined;
    },
    async [Symbol.asyncDispose]() {
      client.destroy();
    },
  };
}
