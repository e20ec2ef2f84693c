import { z } from 'zod';
import { seededRandom } from '../kernel/random.ts';
import { defineProject } from '../project/define.ts';
import { type Features, model, type Model } from '../project/models/model.ts';
import type { Project } from '../project/project.ts';
import { lower } from '../project/models/promotion.ts';
import { source } from '../project/tables/source.ts';
import { boostedTrees } from '../training/boosted-trees/trainer.ts';
import { csv } from '../sources/csv/csv.ts';

const Visit = z.object({
  id: z.string(),
  day: z.iso.date(),
  pages: z.number().nullable(),
  minutes: z.number(),
  bought: z.boolean().nullable(),
  plan: z.enum(['free', 'team', 'business']).nullable(),
  spent: z.number().nullable().meta({ unit: 'EUR' }),
});

const Question = z.object({
  pages: z
    .number()
    .nullable()
    .meta({ examples: [12] }),
  minutes: z.number().meta({ examples: [30] }),
});
type Question = z.infer<typeof Question>;

const toFeatures = ({ pages, minutes }: Question): Features => ({ pages: pages ?? Number.NaN, minutes });

/** EUR a minute, and back. */
export const perMinute = {
  forward: (spent: number, { minutes }: Question): number => spent / minutes,
  inverse: (rate: number, { minutes }: Question): number => rate * minutes,
};

/** Projects over made-up visits of a shop, one for each kind of target; the file is that of the houses' state. */
export function visitsProject(kind: 'boolean' | 'class' | 'number', change: Partial<Model> = {}): Project {
  const visits = source('visits', csv({ from: 'houses.csv', row: Visit }));
  const shared = {
    rows: visits,
    request: Question,
    features: toFeatures,
    split: { by: 'day', group: 'id', test: 0.2 },
    trainer: boostedTrees({ trees: 20, depth: 3, minLeafRows: 5 }),
  } as const;
  const declared: Model =
    kind === 'boolean'
      ? model('bought', {
          ...shared,
          target: 'bought',
          metrics: ['brier', 'accuracy'],
          promote: { alias: 'prod', when: lower('brier') },
        })
      : kind === 'class'
        ? model('plan', {
            ...shared,
            target: 'plan',
            metrics: ['logLoss', 'accuracy'],
            promote: { alias: 'prod', when: lower('logLoss') },
          })
        : model('spent', {
            ...shared,
            target: 'spent',
            transform: perMinute,
            metrics: ['mae', 'intervalCoverage'],
            promote: { alias: 'prod', when: lower('mae') },
          });
  return defineProject('shop', { models: [{ ...declared, ...change }] });
}

export interface MadeUpVisit {
  readonly day: string;
  readonly pages: string;
  readonly minutes: number;
  readonly bought: string;
  readonly plan: string;
  readonly spent: string;
}

/** `rows` visits; what is bought depends on pages and minutes. @param change of single rows */
export function visitsCsv(
  rows = 300,
  change: (row: number, visit: MadeUpVisit) => Partial<MadeUpVisit> = () => ({}),
): string {
  const random = seededRandom(11);
  const lines = Array.from({ length: rows }, (_, row) => {
    const pages = 1 + Math.floor(random() * 30);
    const minutes = 1 + Math.floor(random() * 90);
    const score = pages / 6 + minutes / 30 - 4 + (random() - 0.5) * 2;
    const visit: MadeUpVisit = {
      day: new Date(Date.UTC(2024, 0, 1 + row)).toISOString().slice(0, 10),
      pages: String(pages),
      minutes,
      bought: String(score > 0),
      plan: score > 1.5 ? 'business' : score > 0 ? 'team' : 'free',
      spent: String(Math.round(minutes * (2 + pages / 10 + random()))),
    };
    const { day, pages: seen, minutes: stayed, bought, plan, spent } = { ...visit, ...change(row, visit) };
    return [row + 1, day, seen, stayed, bought, plan, spent].join(',');
  });
  return `id,day,pages,minutes,bought,plan,spent\n${lines.join('\n')}\n`;
}
