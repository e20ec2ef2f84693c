import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BlobStore } from '../data/blob-store.ts';
import { openTemporaryBlobStore } from '../data/temporary-blob-store.contract.ts';
import { openClosers } from '../kernel/closers.ts';
import { type Digest, digestOf } from '../kernel/digest.ts';
import { executeTask } from './execute-task.ts';
import type { Operation } from './operation.ts';
import type { TaskEvent, TaskResult, TaskSpec } from './task.ts';

/** Runs tasks in this process, over a temporary store. */
export interface Workbench extends AsyncDisposable {
  readonly blobs: BlobStore;
  readonly folder: string;
  /** What tasks said, in order. */
  readonly events: readonly TaskEvent[];
  /** A task of `operation`; `code` is the functions that it runs. */
  work(
    operation: string,
    spec: Partial<Omit<TaskSpec, 'code'>> & { readonly code?: Readonly<Record<string, unknown>> },
  ): Promise<TaskResult>;
}

export async function openWorkbench(operations: readonly Operation[]): Promise<Workbench> {
  const closers = openClosers();
  const blobs = closers.add(await openTemporaryBlobStore());
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-workbench-'));
  closers.defer(() => rm(folder, { recursive: true, force: true }));
  const events: TaskEvent[] = [];
  let time = 1000;
  return {
    blobs,
    folder,
    events,
    work(operation, { code = {}, ...spec }) {
      const values = new Map<Digest, unknown>();
      const refs = Object.entries(code).map(([name, value]) => {
        const digest = digestOf(name);
        values.set(digest, value);
        return [name, { key: digest, bundle: digest, label: name }] as const;
      });
      const whole: TaskSpec = {
        task: operation,
        operation,
        key: digestOf(operation),
        inputs: {},
        params: {},
        outputs: {},
        ...spec,
        code: Object.fromEntries(refs),
      };
      return executeTask(whole, {
        operations,
        blobs,
        loadCode: async <Value>(bundle: Digest) => values.get(bundle) as Value,
        projectFolder: folder,
        emit: (event) => void events.push(event),
        now: () => (time += 1),
        secret: (name) => `value of ${name}`,
      });
    },
    [Symbol.asyncDispose]: () => closers[Symbol.asyncDispose](),
  };
}
