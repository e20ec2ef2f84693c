import { dirname, join } from 'node:path';
import { loadModule, moduleAddress } from '../adapters/esbuild/load-module.ts';
import { openFileJournal } from '../adapters/files/journal.ts';
import { userSourceLocation, userCodeError } from '../adapters/esbuild/user-error.ts';
import { PlatformError, type ErrorBody } from '../kernel/errors.ts';
import { operations } from '../lifecycle/operations/all.ts';
import { executeTask } from '../pipeline/execute-task.ts';
import type { TaskOrder, TaskReply } from '../pipeline/messages.ts';
import { openBlobs } from './host/open-blobs.ts';
import { pythonOf } from './host/python.ts';
import { openSecrets } from './config/secrets.ts';
import { self } from './self.ts';

const parent = process.ppid;

/** Work for a parent that is gone is work for nobody: its next run starts it again. */
function leaveWithParent(): void {
  if (process.ppid !== parent || !process.connected) process.exit(1);
}

function reply(message: TaskReply): Promise<void> {
  leaveWithParent();
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

async function work({ spec, blobs: location, cache, moduleFolder, projectFolder }: TaskOrder): Promise<void> {
  await using blobs = await openBlobs(location, { cache });
  const journal = openFileJournal(join(dirname(moduleFolder), 'journals', `${spec.key}.jsonl`));
  const result = await executeTask(spec, {
    operations,
    blobs,
    loadCode: (bundle) => loadModule(bundle, { blobs, moduleFolder, self }),
    codeAddress: (bundle) => moduleAddress(bundle, { blobs, moduleFolder, self }),
    journal,
    projectFolder,
    emit: (event) => void reply({ type: 'event', event }),
    now: Date.now,
    secret: openSecrets(process.env),
    python: pythonOf(process.env),
  });
  await journal.remove();
  await reply({ type: 'result', result });
}

/** An error that did not pass through the project's own files is a fault of ours. */
function errorBody(error: unknown, projectFolder: string): ErrorBody {
  if (error instanceof PlatformError || userSourceLocation(error, projectFolder) !== undefined)
    return userCodeError(error, projectFolder).toJSON();
  const remedy = 'This is a bug of Modelyard; the log of the task has its trace.';
  return new PlatformError('INTERNAL', { field: 'task', value: String(error), remedy }).toJSON();
}

process.once('disconnect', () => process.exit(1));
process.once('message', (order: TaskOrder) => {
  work(order)
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
      return reply({ type: 'error', error: errorBody(error, order.projectFolder) });
    })
    .finally(() => process.disconnect());
});
