import { Worker } from 'node:worker_threads';
import { siblingEntry } from '../../kernel/entry.ts';
import { type ForecastJob, type ForecastJobResult, runForecastJob } from './forecast-jobs.ts';

/** Runs jobs in some threads, in the order in which they are given. The results do not depend on the number of threads. */
export async function runForecastJobs(
  jobs: readonly ForecastJob[],
  threads: number,
): Promise<readonly ForecastJobResult[]> {
  if (threads < 2 || jobs.length < 2) return jobs.map(runForecastJob);
  const results: ForecastJobResult[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const { path, execArgv } = siblingEntry(import.meta.url, './forecast-thread');
    const worker = new Worker(path, { execArgv: [...execArgv] });
    try {
      while (next < jobs.length) {
        const index = next++;
        results[index] = await ask(worker, jobs[index] as ForecastJob);
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, jobs.length) }, work));
  return results;
}

async function ask(worker: Worker, job: ForecastJob): Promise<ForecastJobResult> {
  return new Promise((resolve, reject) => {
    const ended = (code: number): void => fail(new Error(`a forecast thread ended with code ${code}`));
    const done = (result: ForecastJobResult): void => {
      worker.off('error', fail).off('exit', ended);
      resolve(result);
    };
    const fail = (error: Error): void => {
      worker.off('message', done).off('error', fail).off('exit', ended);
      reject(error);
    };
    worker.once('message', done).once('error', fail).once('exit', ended);
    worker.postMessage(job);
  });
}
