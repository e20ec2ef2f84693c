import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as Boost from '../../src/training/boosted-trees/boost.ts';
import type * as Options from '../../src/training/boosted-trees/options.ts';
import type * as Trees from '../../src/training/boosted-trees/trees.ts';
import { repository } from '../folders.ts';
import { files } from './rows.ts';
import type { FitResult, FitTask } from './side.ts';

/** The trees of the built product, as a user runs them. */
const built = (name: string): Promise<unknown> =>
  import(pathToFileURL(join(repository, 'dist', 'training', 'boosted-trees', name)).href);
const { boostTrees } = (await built('boost.js')) as typeof Boost;
const { readTreeOptions } = (await built('options.js')) as typeof Options;
const { predictColumns } = (await built('trees.js')) as typeof Trees;

const task = JSON.parse(process.argv[2] ?? '{}') as FitTask;
const { features, train, heldOut, trees, depth, learningRate } = task;
const values = await floats(files.columns);
const target = await floats(files.target);
const columns = Array.from({ length: features }, (_, feature) =>
  values.subarray(feature * (train + heldOut), (feature + 1) * (train + heldOut)),
);
const names = columns.map((_, feature) => `f${feature}`);
const matrix = { features: names, rows: train, columns: columns.map((column) => column.slice(0, train)) };
const options = readTreeOptions({ trees, depth, learningRate, minLeafRows: 1, l2: 1, earlyStopping: 0 });

const [started, cpu] = [performance.now(), process.cpuUsage()];
const model = boostTrees({ matrix, target: Float64Array.from(target.subarray(0, train)) }, { options });
const { user, system } = process.cpuUsage(cpu);
const result: FitResult = {
  seconds: (performance.now() - started) / 1000,
  cpuSeconds: (user + system) / 1e6,
  trees: model.starts.length - 1,
  rmse: rmseOf(
    predictColumns(
      model,
      columns.map((column) => column.slice(train)),
      heldOut,
    ),
  ),
};
process.stdout.write(`${JSON.stringify(result)}\n`);

async function floats(name: string): Promise<Float32Array> {
  const { buffer, byteOffset, byteLength } = await readFile(join(task.folder, name));
  return new Float32Array(buffer.slice(byteOffset, byteOffset + byteLength));
}

function rmseOf(predicted: Float32Array): number {
  const squares = predicted.map((value, row) => (value - (target[train + row] ?? Number.NaN)) ** 2);
  return Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / heldOut);
}
