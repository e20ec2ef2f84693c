import { z } from 'zod';
import { readerOf } from './declarations.fixture.ts';
import { featureView } from './tables/feature-view.ts';
import { model } from './models/model.ts';
import type { Features } from './models/model.ts';
import { lower } from './models/promotion.ts';
import { source } from './tables/source.ts';
import { defineTrainer } from './models/trainer.ts';
import { stumpsDefinition } from './models/trainer.fixture.ts';

const Team = z.enum(['ATL', 'BOS']);
export const Game = z.object({ gameId: z.string(), date: z.iso.date(), host: Team, guest: Team });
export type Game = z.infer<typeof Game>;
const Matchup = Game.extend({
  season: z.int(),
  hostWon: z.boolean(),
  margin: z.int(),
  winner: Team,
  venue: z.string(),
  moved: z.iso.date().nullable(),
});
export const TeamForm = z.object({
  team: Team,
  date: z.iso.date(),
  elo: z.number(),
  coach: z.string().nullable(),
});

export const games = source('games', readerOf(Matchup));
export const forms = source('forms', readerOf(TeamForm));
export const coming = source('coming', readerOf(Game));
export const events = source(
  'events',
  readerOf(z.object({ gameId: z.string(), at: z.iso.datetime(), points: z.int() })),
);
export const points = source(
  'points',
  readerOf(z.object({ shop: z.string(), month: z.iso.date(), sold: z.number() })),
);

/** A view without `initial`, and the same one with it. */
export const form = featureView('form', { rows: forms, key: 'team', at: 'date' });
export const filled = featureView('filled', {
  rows: forms,
  key: 'team',
  at: 'date',
  initial: { elo: 1300, coach: null },
});

/** Trainers of every kind of target, of numbers and of classes. */
const anyKind = defineTrainer({ ...stumpsDefinition, learns: ['number', 'boolean', 'class'] });
export const ofNumbers = defineTrainer({ ...stumpsDefinition, learns: ['number'] });
export const ofClasses = defineTrainer({ ...stumpsDefinition, learns: ['boolean', 'class'] });

/** A model of yes or no that is wired rightly, and one of numbers. */
export const sound = {
  rows: games,
  request: Game,
  lookups: { host: filled.of('host', { before: 'date' }), guest: filled.of('guest', { before: 'date' }) },
  features: (_game: Game, { host, guest }: { host: { elo: number }; guest: { elo: number } }): Features => ({
    elo: host.elo - guest.elo,
  }),
  target: 'hostWon',
  split: { by: 'date', test: { from: '2016-01-01' } },
  trainer: anyKind(),
  metrics: ['brier', 'auc'],
  promote: { alias: 'prod', when: lower('brier') },
} as const;
export const number = {
  ...sound,
  target: 'margin',
  metrics: ['mae', 'r2'],
  promote: { alias: 'prod', when: lower('mae') },
} as const;
export const hostWon = model('host-won', sound);
export const margin = model('margin', number);
