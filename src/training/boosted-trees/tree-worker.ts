import { parentPort } from 'node:worker_threads';
import { control, jobIn, looks } from './threads.ts';
import { TreeThread, type TrainingPlan } from './tree-thread.ts';

/** A thread beside the one that trains: it takes part in one training after another. */
parentPort?.on('message', ({ plan, thread }: { readonly plan: TrainingPlan; readonly thread: number }) =>
  takePart(new TreeThread(plan, thread)),
);
parentPort?.postMessage('ready');

function takePart(thread: TreeThread): void {
  const { control: shared } = thread.arrays;
  for (let round = 0; ;) {
    for (let look = 0; look < looks; look++) if (Atomics.load(shared, control.round) !== round) break;
    // The notice of the last round can come late, after its work is done: only the number says that there is another one.
    while (Atomics.load(shared, control.round) === round) Atomics.wait(shared, control.round, round);
    round += 1;
    const job = jobIn(shared);
    try {
      if (job) thread.run(job);
    } catch {
      Atomics.store(shared, control.failed, 1);
    }
    if (Atomics.sub(shared, control.pending, 1) === 1) Atomics.notify(shared, control.pending);
    if (!job) return;
  }
}
