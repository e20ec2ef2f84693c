import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileBlobStore } from '../../src/adapters/files/blob-store.ts';
import { openFileResultStore } from '../../src/adapters/files/result-store.ts';
import type { BlobStore } from '../../src/data/blob-store.ts';
import { readDataset, type TableDataset } from '../../src/data/dataset.ts';
import { readColumns } from '../../src/data/table-reader.ts';
import { bytesOf } from '../../src/kernel/bytes-of.ts';
import type { Digest } from '../../src/kernel/digest.ts';
import { reportSchema } from '../../src/lifecycle/measure/report-schema.ts';
import { readSubsetColumns } from '../../src/lifecycle/rows/subsets-table.ts';
import { readTarget } from '../../src/lifecycle/rows/target-values.ts';
import type { Target } from '../../src/project/models/kind.ts';

/** A model of a finished run with the rows that it learned from, as a peer reads them. */
export interface PeerRows {
  readonly kind: Target['kind'];
  readonly classes: number;
  readonly features: number;
  readonly rows: number;
  readonly trainRows: number;
  readonly testRows: number;
  /** Columns of float64 one after the other: the features, the target and the subset of each row. */
  readonly file: string;
  readonly metrics: Readonly<Record<string, number | null>>;
}

/** Writes the rows of the one model of a run. @param target its column. @throws Error for a run without a model */
export async function writePeerRows(state: string, target: string, folder: string): Promise<PeerRows> {
  const blobs = await openFileBlobStore(join(state, 'blobs'));
  const results = await openFileResultStore(join(state, 'results'));
  const tasks = await taskNames(join(state, 'results', 'last'));
  const model = tasks.find((task) => task.endsWith('.evaluate'))?.replace(/\.evaluate$/, '');
  if (model === undefined) throw new Error('no model was evaluated');
  const output = async (task: string, name: string): Promise<Digest> => {
    const digest = (await results.last(task))?.outputs[name];
    if (digest === undefined) throw new Error(`the run has no ${name} of ${task}`);
    return digest;
  };
  const table = async (task: string, name: string): Promise<TableDataset> => {
    const dataset = await readDataset(await output(task, name), blobs);
    if (dataset.kind === 'table') return dataset;
    throw new Error(`${name} of ${task} is no table`);
  };
  const matrix = await table(`${model}.features`, 'matrix');
  const report = await readDataset(await output(`${model}.evaluate`, 'report'), blobs);
  const read = reportSchema.parse(report.kind === 'value' ? report.value : undefined);
  const rows = await rowsWith(target, { tasks, count: matrix.rows, table, blobs });
  const truth = await readTarget(rows, { target: read.target, column: target }, blobs);
  const split = await readSubsetColumns(await table(`${model}.split`, 'subsets'), blobs);
  const names = matrix.schema.columns.map(({ name }) => name);
  const columns = await readColumns(matrix, blobs, names);
  const file = join(folder, 'rows.f64');
  const subset = Float64Array.from(split.subset);
  const values = [...names.map((name) => columns[name] as Float64Array), truth, subset];
  await writeFile(file, Buffer.concat(values.map(bytesOf)));
  return {
    kind: read.target.kind,
    classes: read.target.kind === 'class' ? read.target.classes.length : 2,
    features: names.length,
    rows: matrix.rows,
    trainRows: subset.filter((code) => code === 0 || code === 1).length,
    testRows: subset.filter((code) => code === 2).length,
    file,
    metrics: read.metrics,
  };
}

async function taskNames(folder: string): Promise<readonly string[]> {
  const files = await readdir(folder);
  const pointers = await Promise.all(
    files.map(async (file) => JSON.parse(await readFile(join(folder, file), 'utf8')) as { task: string }),
  );
  return pointers.map(({ task }) => task);
}

interface Lookup {
  readonly tasks: readonly string[];
  readonly count: number;
  readonly table: (task: string, name: string) => Promise<TableDataset>;
  readonly blobs: BlobStore;
}

/** The table that the model learned from: that of the last step with the target and as many rows as the matrix. */
async function rowsWith(target: string, { tasks, count, table }: Lookup): Promise<TableDataset> {
  const found: TableDataset[] = [];
  for (const task of tasks) {
    const rows = await table(task, 'rows').catch(() => undefined);
    if (rows?.rows === count && rows.schema.columns.some(({ name }) => name === target)) found.push(rows);
  }
  const [rows] = found;
  if (rows) return rows;
  throw new Error(`no table of ${count} rows has the column ${target}`);
}
