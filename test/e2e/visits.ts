import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seededRandom } from '../../src/kernel/random.ts';
import { type TemporaryFolder, temporaryFolder } from './product.ts';

/**
 * A project on generated visits of a shop.
 * @param config the project file @default one whose models predict yes or no, one of three classes, and money by its rate
 */
export async function visitsProject(config = shopConfig): Promise<TemporaryFolder> {
  const folder = await temporaryFolder();
  const files = { 'visits.csv': visitsCsv(400), 'modelyard.config.ts': config, 'visit.ts': visitFile };
  await Promise.all(Object.entries(files).map(([name, text]) => writeFile(join(folder.path, name), text)));
  return folder;
}

/** What is bought depends on pages and minutes; the share of chance is small. */
function visitsCsv(rows: number): string {
  const random = seededRandom(11);
  const lines = Array.from({ length: rows }, (_, row) => {
    const pages = 1 + Math.floor(random() * 30);
    const minutes = 1 + Math.floor(random() * 90);
    const score = pages / 6 + minutes / 30 - 4 + (random() - 0.5) * 2;
    const day = new Date(Date.UTC(2024, 0, 1 + row)).toISOString().slice(0, 10);
    const plan = score > 1.5 ? 'business' : score > 0 ? 'team' : 'free';
    const spent = Math.round(minutes * (2 + pages / 10 + random()));
    return [row + 1, day, pages, minutes, score > 0, plan, spent].join(',');
  });
  return `id,day,pages,minutes,bought,plan,spent\n${lines.join('\n')}\n`;
}

const shopConfig = `import { average, boostedTrees, defineProject, logistic, lower, model, source } from 'modelyard';
import { csv } from 'modelyard/sources';
import { Question, spentOf, spentPerMinute, toFeatures, Visit } from './visit.ts';

export const visits = source('visits', csv({ from: 'visits.csv', row: Visit }));
const split = { by: 'day', group: 'id', test: 0.2 } as const;
const trees = boostedTrees({ trees: 30, depth: 3, minLeafRows: 5 });

export const bought = model('bought', {
  title: 'Will they buy?',
  rows: visits,
  request: Question,
  features: toFeatures,
  target: 'bought',
  split,
  trainer: average([logistic(), trees]),
  metrics: ['brier', 'accuracy', 'auc'],
  promote: { alias: 'prod', when: lower('brier') },
});
export const boughtTrees = model('bought-trees', {
  rows: visits,
  request: Question,
  features: toFeatures,
  target: 'bought',
  split,
  trainer: trees,
  calibrate: 'sigmoid',
  metrics: ['brier', 'accuracy'],
  promote: { alias: 'prod', when: lower('brier') },
});
export const plan = model('plan', {
  rows: visits,
  request: Question,
  features: toFeatures,
  target: 'plan',
  split,
  trainer: trees,
  calibrate: 'isotonic',
  metrics: ['logLoss', 'accuracy', 'macroF1'],
  promote: { alias: 'prod', when: lower('logLoss') },
});
export const spent = model('spent', {
  rows: visits,
  request: Question,
  features: toFeatures,
  target: 'spent',
  transform: { forward: spentPerMinute, inverse: spentOf },
  split,
  trainer: trees,
  metrics: ['mae', 'intervalCoverage'],
  promote: { alias: 'prod', when: lower('mae') },
});
export default defineProject('shop', { models: [bought, boughtTrees, plan, spent] });
`;

const visitFile = `import { type Features, z } from 'modelyard';

export const Visit = z.object({
  id: z.string(),
  day: z.iso.date(),
  pages: z.int().min(0).meta({ title: 'Pages seen', examples: [12] }),
  minutes: z.number().positive().meta({ title: 'Minutes', examples: [30] }),
  bought: z.boolean().meta({ title: 'Buys' }),
  plan: z.enum(['free', 'team', 'business']).meta({ title: 'Plan' }),
  spent: z.number().meta({ title: 'Spends', unit: 'EUR' }),
});
export const Question = Visit.pick({ pages: true, minutes: true });
type Question = z.infer<typeof Question>;

export function toFeatures({ pages, minutes }: Question): Features {
  return { pages, minutes };
}

export function spentPerMinute(spent: number, { minutes }: Question): number {
  return spent / minutes;
}

export function spentOf(rate: number, { minutes }: Question): number {
  return rate * minutes;
}
`;
