import {
  average,
  boostedTrees,
  constant,
  defineProject,
  featureView,
  http,
  linear,
  logistic,
  lower,
  model,
  params,
  source,
  sql,
  step,
  table,
  z,
} from 'modelyard';
import { json } from 'modelyard/sources';
import { newcomer, TeamForm } from './form.ts';
import { gamesOf, gamesSince, TeamGame } from './games.ts';
import { eloAlone, Game, Matchup, toFeatures } from './matchup.ts';
import { simulatedGames } from './simulate.ts';
import { formOverTime } from './steps.ts';

export const { live, data, testFrom } = params(
  z.object({
    /** Fetch real games from stats.nba.com. */
    live: z.boolean().default(false),
    /** A folder of game logs from stats.nba.com. Simulated games are used when it is unset. */
    data: z.string().optional(),
    /** Games from this day on are test data. */
    testFrom: z.iso.date().default('2024-10-01'),
  }),
);

export const games = source(
  'games',
  json({
    from: live
      ? http({
          url: gamesSince,
          headers: { Referer: 'https://www.nba.com/', 'User-Agent': 'Mozilla/5.0' },
          limit: { requests: 10, per: '1m' },
        })
      : (data ?? simulatedGames({ seed: 1, seasons: 6 })),
    row: TeamGame,
    rows: gamesOf,
  }),
  {
    key: ['gameId', 'team'],
    ...(live && { since: 'date' as const }),
    checks: { rows: { atLeast: 1000, shrink: 0 } },
  },
);

export const form = step(
  'form',
  { in: { games }, out: { rows: table(TeamForm, { unique: ['team', 'date'] }) } },
  formOverTime,
);

export const matchups = sql(
  'matchups',
  {
    in: { games },
    out: table(Matchup, { unique: 'gameId', none: { 'a tie': 'select * from rows where margin = 0' } }),
  },
  `select gameId, season, date, team as home, opponent as away, margin > 0 as homeWin, margin
   from games where atHome order by date, gameId`,
);

export const teamForm = featureView('team-form', {
  rows: form.out.rows,
  key: 'team',
  at: 'date',
  initial: newcomer,
});

const asked = {
  rows: matchups,
  request: Game,
  lookups: { home: teamForm.of('home', { before: 'date' }), away: teamForm.of('away', { before: 'date' }) },
  features: toFeatures,
  split: { by: 'date', test: { from: testFrom, refit: 'year' } },
} as const;

export const homeWin = model('home-win', {
  ...asked,
  title: 'Does the team at home win?',
  description: 'From what is known of both teams before the game: Elo, margins, wins and rest.',
  target: 'homeWin',
  trainer: average([logistic({ l2: 1 }), boostedTrees({ trees: 150, depth: 3, learningRate: 0.05 })]),
  metrics: ['brier', 'accuracy', 'logLoss', 'auc', 'calibrationError'],
  baselines: { alwaysHome: constant(), elo: eloAlone },
  promote: { alias: 'prod', when: lower('brier'), beats: ['alwaysHome'] },
  serve: { cache: '5m' },
});

export const margin = model('margin', {
  ...asked,
  title: 'By how many points?',
  target: 'margin',
  trainer: linear({ l2: 10 }),
  metrics: ['mae', 'rmse', 'intervalCoverage'],
  interval: 0.9,
  promote: { alias: 'prod', when: lower('mae') },
});

export default defineProject('nba-games', {
  title: 'NBA: who wins tonight',
  description: 'Predicts who wins an NBA game and by how much, from what both teams did before.',
  models: [homeWin, margin],
});
