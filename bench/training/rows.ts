import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bytesOf } from '../../src/kernel/bytes-of.ts';
import { normalNumber, seededRandom } from '../../src/kernel/random.ts';

export interface Sizes {
  readonly features: number;
  /** Rows to train on; a fifth as many are held out. */
  readonly train: number;
  readonly heldOut: number;
}

/** Files of float32 in native byte order: column by column, then the target. Training rows come first. */
export const files = { columns: 'columns.f32', target: 'target.f32' } as const;

/**
 * Generates rows whose target depends on a third of the features, by lines, waves, products and steps, with noise of
 * deviation 0.5. One value in fifty is missing. As yes or no, the target is whether it is above 10.
 * @returns the error of a constant prediction on the held-out rows: RMSE or log loss
 */
export async function writeRows(
  folder: string,
  { features, train, heldOut }: Sizes,
  kind: 'number' | 'boolean',
): Promise<number> {
  const rows = train + heldOut;
  const draws = seededRandom(7);
  const normal = (): number => normalNumber(draws);
  const columns = Array.from({ length: features }, () => Float32Array.from({ length: rows }, normal));
  const numbers = Float32Array.from({ length: rows }, (_, row) => {
    const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0] = columns.map((column) => column[row] ?? 0);
    return 10 + 3 * a + 4 * Math.sin(2 * b) + c * d + 2 * Math.abs(e) + (f > 0.3 ? g : 0) + normal() / 2;
  });
  const random = seededRandom(8);
  for (const column of columns)
    for (let row = 0; row < rows; row += 1) if (random() < 0.02) column[row] = Number.NaN;
  const target = kind === 'number' ? numbers : numbers.map((value) => Number(value > 10));
  await writeColumns(folder, { columns, target });
  const held = target.subarray(train);
  return kind === 'number' ? deviation(held) : entropy(held.reduce((sum, yes) => sum + yes, 0) / held.length);
}

export async function writeColumns(
  folder: string,
  { columns, target }: { readonly columns: readonly Float32Array[]; readonly target: Float32Array },
): Promise<void> {
  await writeFile(join(folder, files.columns), Buffer.concat(columns.map(bytesOf)));
  await writeFile(join(folder, files.target), bytesOf(target));
}

function deviation(values: Float32Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}

function entropy(share: number): number {
  return -share * Math.log(share) - (1 - share) * Math.log(1 - share);
}
