import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../src/kernel/random.ts';

/** A small project with generated houses: a source, a step and a model, each in its own file. */
export async function writeHouses(folder: string, rows = 600): Promise<void> {
  await mkdir(folder, { recursive: true });
  await Promise.all([
    writeFile(join(folder, 'houses.csv'), housesCsv(rows)),
    ...Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
  ]);
}

/** Edits a file of the project. */
export async function edit(path: string, from: string, to: string): Promise<void> {
  const text = await readFile(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${path} has no ${JSON.stringify(from)}`);
  await writeFile(path, text.replace(from, to));
}

function housesCsv(rows: number): string {
  const random = seededRandom(7);
  const lines = Array.from({ length: rows }, (_, row) => {
    const size = 40 + Math.floor(random() * 160);
    const garden = random() < 0.4;
    const sold = new Date(Date.UTC(2020, 0, 1 + row)).toISOString().slice(0, 10);
    const price = Math.round(2000 * size + (garden ? 40_000 : 0) + (random() - 0.5) * 60_000);
    return `${row + 1},${sold},${size},${garden},${price}`;
  });
  return `id,sold,size,garden,price\n${lines.join('\n')}\n`;
}

const files: Readonly<Record<string, string>> = {
  'modelyard.config.ts': `import { boostedTrees, defineProject, lower, model, source, step, table } from 'modelyard';
import { csv } from 'modelyard/sources';
import { Home, Question, toFeatures } from './home.ts';
import { keepSound } from './steps.ts';

export const listings = source('listings', csv({ from: 'houses.csv', row: Home }));
export const houses = step('houses', { in: { listings }, out: { rows: table(Home) }, params: { least: 20 } }, keepSound);
export const price = model('house-price', {
  rows: houses.out.rows,
  request: Question,
  features: toFeatures,
  target: 'price',
  split: { by: 'sold', group: 'id', test: 0.2 },
  trainer: boostedTrees({ trees: 20, depth: 3, minLeafRows: 5 }),
  metrics: ['mae', 'r2'],
  promote: { alias: 'prod', when: lower('mae') },
});
export default defineProject('houses', { models: [price] });
`,
  'home.ts': `import { type Features, z } from 'modelyard';

export const Home = z.object({
  id: z.string(),
  sold: z.iso.date(),
  size: z.number().min(0),
  garden: z.boolean(),
  price: z.number().meta({ unit: 'EUR' }),
});
export const Question = Home.pick({ size: true, garden: true });

// how large a home is, in units of ten square metres
function tens(size: number): number {
  return size / 10;
}

export function unused(): string {
  return 'nothing calls this';
}

export function toFeatures({ size, garden }: z.infer<typeof Question>): Features {
  return { size: tens(size), garden: Number(garden) };
}
`,
  'steps.ts': `import type { StepContext } from 'modelyard';
import type { z } from 'modelyard';
import type { Home } from './home.ts';

type Row = z.infer<typeof Home>;

export async function keepSound(context: StepContext<{ listings: Row }, { rows: Row }, { least: number }>): Promise<void> {
  for await (const home of context.in.listings) if (home.size >= context.params.least) await context.out.rows.write([home]);
}
`,
};
