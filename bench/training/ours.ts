import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { boostTrees } from '../../src/training/boosted-trees/boost.ts';
import { respond } from '../../src/training/boosted-trees/objective.ts';
import { readTreeOptions } from '../../src/training/boosted-trees/options.ts';
import { openScorer } from '../../src/training/boosted-trees/scorer.ts';
import { openThreads } from '../../src/training/boosted-trees/threads.ts';
import { rmse } from '../../src/training/metrics/regression.ts';
import { meanOver } from '../../src/training/metrics/rows.ts';
import { median } from '../samples.ts';
import { files } from './rows.ts';
import type { FitResult, FitTask } from './side.ts';

const task = JSON.parse(process.argv[2] ?? '{}') as FitTask;
const { features, train, heldOut, trees, depth, learningRate, kind } = task;
const values = await floats(files.columns);
const target = await floats(files.target);
const columns = Array.from({ length: features }, (_, feature) =>
  values.subarray(feature * (train + heldOut), (feature + 1) * (train + heldOut)),
);
const names = columns.map((_, feature) => `f${feature}`);
const matrix = { features: names, rows: train, columns: columns.map((column) => column.slice(0, train)) };
const options = readTreeOptions({
  trees,
  depth,
  learningRate,
  minLeafRows: 1,
  minChildWeight: 1,
  categories: task.categories.map((feature) => `f${feature}`),
  earlyStopping: 0,
});
const threads = await openThreads(task.threads);

const [started, cpu] = [performance.now(), process.cpuUsage()];
const examples = { matrix, target: Float64Array.from(target.subarray(0, train)) };
const model = boostTrees(examples, { options, target: { kind }, threads });
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(cpu);
await threads.close();
const score = openScorer(model);
const fresh = columns.map((column) => column.slice(train));
const predicted = respond(model.objective, score(fresh, heldOut), 1);
const result: FitResult = {
  seconds,
  cpuSeconds: (user + system) / 1e6,
  megabytes: process.resourceUsage().maxRSS / 1024,
  trees: model.output.length,
  error: kind === 'number' ? rmse({ truth: target.subarray(train), predicted }) : logLoss(predicted),
  ...(task.scorings > 0 && { scoring: scoring() }),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

function scoring(): NonNullable<FitResult['scoring']> {
  const [thousand, one] = [1000, 1].map((rows) => fresh.map((column) => column.slice(0, rows))) as [
    Float32Array[],
    Float32Array[],
  ];
  const times = (of: () => void): readonly number[] =>
    Array.from({ length: task.scorings }, () => {
      const start = performance.now();
      of();
      return performance.now() - start;
    });
  return {
    rows: median(times(() => score(thousand, 1000))),
    // The clock is too coarse for one row.
    row:
      median(
        times(() => {
          for (let row = 0; row < 100; row += 1) score(one, 1);
        }),
      ) * 10,
  };
}

async function floats(name: string): Promise<Float32Array> {
  const { buffer, byteOffset, byteLength } = await readFile(join(task.folder, name));
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function logLoss(values: Float32Array): number {
  return meanOver(heldOut, (row) => {
    const yes = Math.min(1 - 1e-7, Math.max(1e-7, values[row] ?? Number.NaN));
    return -Math.log(target[train + row] === 1 ? yes : 1 - yes);
  });
}
