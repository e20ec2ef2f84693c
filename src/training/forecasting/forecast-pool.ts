import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { siblingEntry } from '../../kernel/entry.ts';
import { forecastSeries, type SeriesForecast, type SeriesRecipe, type SeriesTask } from './recipe.ts';

/** Part of a request to a thread: each recipe for each task. */
export interface PoolRequest {
  readonly recipes: readonly SeriesRecipe[];
  readonly tasks: readonly SeriesTask[];
}

/** By task, then by recipe. */
export type PoolResult = readonly (readonly SeriesForecast[])[];

/** Starting threads takes longer than this many forecasts. */
const fewForecasts = 40;
const tasksOfChunk = 16;

/** Forecasts every task by every recipe, over all cores. The result does not depend on their number. */
export async function forecastAll(
  { recipes, tasks }: PoolRequest,
  threads: number = availableParallelism(),
): Promise<PoolResult> {
  if (recipes.length * tasks.length <= fewForecasts || threads < 2) return forecastTasks({ recipes, tasks });
  const results: (readonly SeriesForecast[])[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    const entry = siblingEntry(import.meta.url, './forecast-thread');
    const worker = new Worker(entry.path, { execArgv: [...entry.execArgv] });
    try {
      while (next < tasks.length) {
        const from = next;
        next += tasksOfChunk;
        const chunk = await ask(worker, { recipes, tasks: tasks.slice(from, next) });
        for (const [index, forecasts] of chunk.entries()) results[from + index] = forecasts;
      }
    } finally {
      await worker.terminate();
    }
  };
  await Promise.all(Array.from({ length: Math.min(threads, Math.ceil(tasks.length / tasksOfChunk)) }, work));
  return results;
}

export function forecastTasks({ recipes, tasks }: PoolRequest): PoolResult {
  return tasks.map((task) => recipes.map((recipe) => forecastSeries(recipe, task)));
}

async function ask(worker: Worker, request: PoolRequest): Promise<PoolResult> {
  return new Promise((resolve, reject) => {
    const ended = (code: number): void => fail(new Error(`a forecast thread ended with code ${code}`));
    const done = (result: PoolResult): void => {
      worker.off('error', fail).off('exit', ended);
      resolve(result);
    };
    const fail = (error: Error): void => {
      worker.off('message', done).off('error', fail).off('exit', ended);
      reject(error);
    };
    worker.once('message', done).once('error', fail).once('exit', ended);
    worker.postMessage(request);
  });
}
