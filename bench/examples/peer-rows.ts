import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openFileBlobStore } from '../../src/adapters/files/blob-store.ts';
import { openFileResultStore } from '../../src/adapters/files/result-store.ts';
import { asTable, readDataset, type TableDataset } from '../../src/data/dataset.ts';
import { readColumns } from '../../src/data/table-reader.ts';
import { bytesOf } from '../../src/kernel/bytes-of.ts';
import { readSubsetColumns } from '../../src/lifecycle/rows/subsets-table.ts';
import { subsetsOfPeriod } from '../../src/training/walk-forward.ts';
import type { PeerModel } from './cases.ts';

/**
 * What the peer reads: columns one after the other, as float64 in native byte order. After the features come the target, what
 * it is divided by, what is subtracted from it, and the subset of each row in each period.
 */
export interface PeerRows {
  readonly file: string;
  readonly rows: number;
  readonly features: readonly string[];
}

/** Writes what a model of a finished run learned from and was tested on, for a peer that gets the same rows. */
export async function writePeerRows(
  { model, rows: table, target, ratioTo, above }: PeerModel & { readonly model: string },
  state: string,
  folder: string,
): Promise<PeerRows> {
  const results = await openFileResultStore(join(state, 'results'));
  const blobs = await openFileBlobStore(join(state, 'blobs'));
  const outputOf = async (task: string, output: string): Promise<TableDataset> => {
    const digest = (await results.last(task))?.outputs[output];
    if (digest === undefined) throw new Error(`The run has no ${output} of ${task}.`);
    return asTable(await readDataset(digest, blobs), `${task} ${output}`);
  };
  const matrix = await outputOf(`${model}.features`, 'matrix');
  const features = matrix.schema.columns.map(({ name }) => name);
  const values = await readColumns(matrix, blobs, features);
  const rows = await outputOf(table, 'rows');
  const columnOf = async (name: string | undefined, otherwise: number): Promise<Float64Array> => {
    if (name === undefined) return new Float64Array(matrix.rows).fill(otherwise);
    if (features.includes(name)) return numbers(values[name], name);
    return numbers((await readColumns(rows, blobs, [name]))[name], name);
  };
  const split = await readSubsetColumns(await outputOf(`${model}.split`, 'subsets'), blobs);
  const periods = Array.from(split.period).reduce((most, period) => Math.max(most, period), 0);
  const subsetOf = (period: number): Float64Array =>
    Float64Array.from(periods === 1 ? split.subset : subsetsOfPeriod(split, period, { by: '', test: 0 }));
  const columns = [
    ...features.map((name) => numbers(values[name], name)),
    // A feature can have the target's name.
    numbers((await readColumns(rows, blobs, [target]))[target], target),
    await columnOf(ratioTo, 1),
    await columnOf(above, 0),
    ...Array.from({ length: periods }, (_, index) => subsetOf(index + 1)),
  ];
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${model}.f64`);
  await writeFile(file, Buffer.concat(columns.map(bytesOf)));
  return { file, rows: matrix.rows, features };
}

function numbers(values: unknown, name: string): Float64Array {
  if (values instanceof Float64Array) return values;
  throw new Error(`${name} is no column of numbers.`);
}
