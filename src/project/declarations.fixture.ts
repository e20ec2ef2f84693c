import { z } from 'zod';
import { formatDetail, type PlatformError } from '../kernel/errors.ts';
import { defineProject, type ProjectOptions } from './define.ts';
import { rollingOrigin, seasonalNaive, theta } from './models/forecaster.ts';
import { forecast } from './models/forecast.ts';
import { model } from './models/model.ts';
import { lower } from './models/promotion.ts';
import { type Reader, source } from './tables/source.ts';
import { type RowOfShape, table, type TimesOfShape } from './tables/table.ts';
import { stumps } from './models/trainer.fixture.ts';

/** A reader for tests of declarations: it has a schema and never reads. */
export function readerOf<Shape extends z.ZodRawShape>(
  row: z.ZodObject<Shape>,
): Reader<RowOfShape<Shape>, TimesOfShape<Shape>> {
  return { kind: 'test', version: 1, from: 'rows.csv', options: {}, table: table(row), read: () => [] };
}

const Side = z.enum(['Ducks', 'Geese']);

export const Game = z.object({
  gameId: z.string(),
  date: z.iso.date(),
  moved: z.iso.date().nullable(),
  host: Side,
  guest: Side,
  season: z.int(),
  week: z.int().nullable(),
  hostWon: z.boolean(),
  margin: z.int(),
  winner: Side,
  venue: z.string(),
});

export const games = source('games', readerOf(Game));

/** A model of numbers that is wired rightly. */
const numberOptions = {
  rows: games,
  request: z.object({ gameId: z.string(), date: z.iso.date(), host: Side, guest: Side }),
  features: () => ({ one: 1 }),
  target: 'margin',
  split: { by: 'date', test: { from: '2016-01-01' } },
  trainer: stumps(),
  metrics: ['mae', 'r2'],
  promote: { alias: 'prod', when: lower('mae') },
} as const;

export const margin = model('margin', numberOptions);

export const history = source(
  'history',
  readerOf(
    z.object({ shop: z.string(), month: z.iso.date(), sold: z.number(), note: z.string().nullable() }),
  ),
);

/** A forecast that is wired rightly. */
export const sales = forecast('sales', {
  rows: history,
  series: 'shop',
  time: 'month',
  value: 'sold',
  horizon: 12,
  candidates: [seasonalNaive(), theta()],
  evaluate: rollingOrigin({ folds: 3 }),
  metrics: ['smape'],
  promote: { alias: 'prod', when: lower('smape') },
});

/** The mistakes of a project, one a line; 'no error' if there are none. */
export function mistakesIn(options: ProjectOptions): string {
  try {
    defineProject('games', options);
    return 'no error';
  } catch (error) {
    const { message, detail } = error as PlatformError;
    return [message, ...(detail.more ?? []).map(formatDetail)].join('\n');
  }
}
