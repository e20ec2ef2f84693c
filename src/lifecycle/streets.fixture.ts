import { z } from 'zod';
import { seededRandom } from '../kernel/random.ts';
import { defineProject } from '../project/define.ts';
import { featureView } from '../project/tables/feature-view.ts';
import { type Features, model, type Model } from '../project/models/model.ts';
import type { Project } from '../project/project.ts';
import { lower } from '../project/models/promotion.ts';
import { source } from '../project/tables/source.ts';
import { step, type StepContext } from '../project/tables/step.ts';
import { table } from '../project/tables/table.ts';
import { csv } from '../sources/csv/csv.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';

const Sale = z.object({
  id: z.string(),
  street: z.string(),
  sold: z.iso.date(),
  size: z.number(),
  price: z.number(),
});
export type Sale = z.infer<typeof Sale>;
const Level = z.object({ street: z.string(), day: z.iso.date(), level: z.number(), sales: z.int() });
const Bare = Level.omit({ sales: true });

const Question = z.object({ street: z.string(), size: z.number(), sold: z.iso.date().optional() });
type Usual = { readonly level: number; readonly sales?: number } | undefined;
type Lookups = { readonly usual: Usual };

export const streetFeatures = ({ size }: z.infer<typeof Question>, { usual }: Lookups): Features => ({
  size,
  level: usual?.level ?? Number.NaN,
  sales: usual?.sales ?? Number.NaN,
});

type Context = StepContext<{ sales: Sale }, { rows: z.infer<typeof Level> }>;

/** What a street's sales of each day and before came to on average: a row that includes the day's own sales. */
export async function meanLevels({ in: { sales }, out }: Context): Promise<void> {
  const sums = new Map<string, { sum: number; sales: number }>();
  const levels = new Map<string, z.infer<typeof Level>>();
  const sorted: Sale[] = [];
  for await (const sale of sales) sorted.push(sale);
  for (const { street, sold: day, price } of sorted.toSorted((a, b) => (a.sold < b.sold ? -1 : 1))) {
    const before = sums.get(street) ?? { sum: 0, sales: 0 };
    const after = { sum: before.sum + price, sales: before.sales + 1 };
    sums.set(street, after);
    levels.set(`${street} ${day}`, { street, day, level: after.sum / after.sales, sales: after.sales });
  }
  await out.rows.write([...levels.values()]);
}

/** Fills the view with other values. */
export function changedLevels(change: (row: z.infer<typeof Level>) => object): typeof meanLevels {
  return (context) => {
    const { rows } = context.out;
    const write = async (levels: Parameters<typeof rows.write>[0]): Promise<void> => {
      for await (const level of levels) await rows.write([change(level) as typeof level]);
    };
    return meanLevels({ ...context, out: { rows: { ...rows, write } } });
  };
}

/** The features, with a size that also depends on something else than the request. */
export function sizeTimes(factor: () => number): typeof streetFeatures {
  return (request, lookups) => {
    const { size, ...others } = streetFeatures(request, lookups);
    return { ...others, size: Number(size) * factor() };
  };
}

export interface StreetsOptions {
  readonly change?: Partial<Model>;
  /** Fills the view. */
  readonly levels?: (context: Context) => Promise<void>;
  /** Whether the view's table has lost its column `sales`. */
  readonly isBare?: boolean;
  readonly initial?: { readonly level: number; readonly sales: number } | undefined;
}

/** A project whose model looks up what the street's houses sold for before. */
export function streetsProject({
  change = {},
  levels = meanLevels,
  isBare = false,
  initial,
}: StreetsOptions = {}): Project {
  const sales = source('sales', csv({ from: 'houses.csv', row: Sale }));
  const written = step(
    'levels',
    { in: { sales }, out: { rows: table((isBare ? Bare : Level) as typeof Level) } },
    levels,
  );
  const view = featureView('level', {
    rows: written.out.rows,
    key: 'street',
    at: 'day',
    ...(initial && { initial }),
  });
  const price = model('street-price', {
    rows: sales,
    request: Question,
    lookups: { usual: view.of('street', { before: 'sold' }) },
    features: streetFeatures,
    target: 'price',
    split: { by: 'sold', group: 'id', test: 0.2 },
    trainer: boostedTrees({ trees: 10, depth: 3, minLeafRows: 5 }),
    metrics: ['mae', 'r2'],
    promote: { alias: 'prod', when: lower('mae') },
  });
  return defineProject('streets', { models: [{ ...price, ...change } as Model] });
}

/** Sales of five streets, each with prices of its own. */
export function streetSales(rows = 200, seed = 3): readonly Sale[] {
  const random = seededRandom(seed);
  return Array.from({ length: rows }, (_, row): Sale => {
    const street = Math.floor(random() * 5);
    const size = 40 + Math.floor(random() * 160);
    const sold = new Date(Date.UTC(2020, 0, 1 + Math.floor(row / 2))).toISOString().slice(0, 10);
    const price = Math.round(1000 * size * (1 + street) + random() * 10_000);
    return { id: String(row + 1), street: `street ${street}`, sold, size, price };
  });
}

export function salesCsv(sales: readonly Sale[] = streetSales()): string {
  const lines = sales.map(({ id, street, sold, size, price }) => [id, street, sold, size, price].join(','));
  return `id,street,sold,size,price\n${lines.join('\n')}\n`;
}
