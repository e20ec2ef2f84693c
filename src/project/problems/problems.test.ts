import { expect, test } from 'vitest';
import { z } from 'zod';
import { batch } from '../batch.ts';
import { command } from '../command.ts';
import { postgres } from '../tables/database.ts';
import { games, Game, history, margin, mistakesIn, readerOf, sales } from '../declarations.fixture.ts';
import type { ProjectOptions } from '../define.ts';
import { file } from '../file.ts';
import { fold } from '../tables/fold.ts';
import { blend, rollingOrigin, theta } from '../models/forecaster.ts';
import { http } from '../tables/http.ts';
import type { Runnable } from '../producer.ts';
import { lower } from '../models/promotion.ts';
import { webhook } from '../receiver.ts';
import { secret } from '../secret.ts';
import { sink } from '../tables/sink.ts';
import { source } from '../tables/source.ts';
import { sql } from '../tables/sql.ts';
import { step } from '../tables/step.ts';
import { table } from '../tables/table.ts';

const noop = async (): Promise<void> => {};
const out = { rows: table(Game) };
const stepWith = (options: object): Runnable => step('tidy', { in: { games }, out, ...options }, noop);
const sourceWith = (options: object, from: object = {}): Runnable =>
  step(
    'tidy',
    { in: { given: source('given', { ...readerOf(Game), ...from } as never, options) }, out },
    noop,
  );
const State = z.object({ lead: z.int() });
const folded = { in: games, key: 'host', at: 'date', out: table(State), start: { lead: 0 } } as const;
const page = command(
  'page',
  { in: { games }, out: { page: file('text/html') } },
  'make {in.games} {out.page}',
);
const to = postgres(secret('DATABASE_URL'));

test.each<[string, () => Runnable, string]>([
  [
    'a timeout',
    () => stepWith({ timeout: 'soon' }),
    'step tidy: timeout is "soon": give a number and one of ms, s, m, h, d',
  ],
  ['retries', () => stepWith({ retries: -1 }), 'step tidy: retries is -1: give a whole number from 0'],
  [
    'a rerun',
    () => stepWith({ rerun: 'never' }),
    "step tidy: rerun is \"never\": give one of 'changed', 'always', 'frozen'",
  ],
  ['memory', () => stepWith({ resources: { memory: '2 GB' } }), 'step tidy: resources.memory is "2 GB"'],
  [
    'a matrix without values',
    () => stepWith({ matrix: { symbol: [] } }),
    'step tidy: matrix.symbol is empty',
  ],
  [
    'a matrix with a value twice',
    () => stepWith({ matrix: { symbol: ['a', 'a'] } }),
    'step tidy: matrix.symbol has "a" twice',
  ],
  [
    'unique columns',
    () => stepWith({ out: { rows: table(Game, { unique: ['id'] } as never) } }),
    'step tidy: out.rows: checks.unique is "id", which is not a column of its rows (gameId',
  ],
  [
    'a share of nulls of a column without',
    () => sourceWith({ checks: { nulls: { host: 0.1 } } }),
    'source given: checks.nulls.host limits missing values of a column that never is null',
  ],
  [
    'a share of nulls',
    () => sourceWith({ checks: { nulls: { moved: 10 } } }),
    'source given: checks.nulls.moved is 10: give a share from 0 to 1',
  ],
  [
    'numbers of rows',
    () => sourceWith({ checks: { rows: { atLeast: 5, atMost: 4 } } }),
    'source given: checks.rows.atLeast is 5, more than atMost 4',
  ],
  [
    'a shrink',
    () => sourceWith({ checks: { rows: { shrink: 2 } } }),
    'source given: checks.rows.shrink is 2',
  ],
  [
    'freshness by a text',
    () => sourceWith({ checks: { fresh: { by: 'venue', within: '2d' } } }),
    'source given: checks.fresh.by "venue" is a string column: name a date or time column, such as "date"',
  ],
  [
    'an empty rule',
    () => sourceWith({ checks: { none: { tie: ' ' } } }),
    'source given: checks.none."tie" is empty',
  ],
  ['a key that may be null', () => sourceWith({ key: 'moved' }), 'source given: key "moved" may be null'],
  ['newer rows without a key', () => sourceWith({ since: 'date' }), 'source given: since needs `key`'],
  [
    'newer by a text',
    () => sourceWith({ key: 'gameId', since: 'venue' }),
    'source given: since "venue" is a string column',
  ],
  [
    'an address',
    () => sourceWith({}, { from: http({ url: 'games.json' }) }),
    'source given: http.url is "games.json": give an address that begins with https://',
  ],
  [
    'a limit of requests',
    () => sourceWith({}, { from: http({ url: 'https://a.org', limit: { requests: 0, per: '1m' } }) }),
    'source given: http.limit.requests is 0',
  ],
  [
    'a secret in plain text',
    () => sourceWith({}, { from: http({ url: 'https://a.org', headers: { key: { token: 'x' } as never } }) }),
    'source given: http.headers must be a secret',
  ],
  [
    'a param of a SELECT',
    () =>
      sql(
        'days',
        { in: { games }, out: table(Game) },
        "select * from games where date >= $from and venue <> '$to'",
      ),
    'sql days: its SELECT uses $from, which is not in params: add `params: { from: … }`',
  ],
  [
    'no SELECT',
    () => sql('days', { in: { games }, out: table(Game) }, ''),
    'sql days: its third argument must be a SELECT',
  ],
  [
    'a file that a SELECT reads',
    () => sql('days', { in: { page: page.out.page as never }, out: table(Game) }, 'select 1'),
    'sql days: it reads the file "page" of command page: a sql reads tables',
  ],
  [
    'training rows in a step',
    () => step('peek', { in: { rows: margin.training }, out }, noop),
    'step peek: it reads the training rows of model margin, which only a command can',
  ],
  [
    'a fold by no time',
    () => fold('states', { ...folded, at: 'venue' as never }, (state) => state),
    'fold states: at "venue" is a string column',
  ],
  [
    'a fold without a whole start',
    () => fold('states', { ...folded, start: {} as never }, (state) => state),
    'fold states: start lacks "lead"',
  ],
  [
    'a fold over its own key',
    () =>
      fold(
        'states',
        { ...folded, out: table(State.extend({ host: z.string() })), start: { lead: 0, host: '' } },
        (state) => state,
      ),
    'fold states: out has the column "host", which the fold adds itself',
  ],
  [
    'a field of a command',
    () => command('train', { in: { games } }, 'train {in.gamez}' as never),
    'command train: {in.gamez} in the command is not declared (in.games)',
  ],
  [
    'a model that a command registers',
    () => command('train', { in: {}, registers: sales }, 'train'),
    'command train: registers "sales", which is not in `models` of the project',
  ],
  [
    'a key of a sink',
    () => sink('load', { rows: games, to, key: 'id' as never }),
    'sink load: key is "id", which is not a column of its rows',
  ],
  [
    'a database in plain text',
    () => sink('load', { rows: games, to: postgres('postgres://a' as never), key: 'gameId' }),
    'sink load: to must be a secret',
  ],
  [
    'a secret without a name',
    () => sink('load', { rows: games, to: postgres(secret('db url' as never)), key: 'gameId' }),
    'sink load: to is the secret "db url": use capitals',
  ],
  [
    'rows of a batch',
    () => batch('tonight', { model: margin, rows: history as never }),
    'batch tonight: rows lack "gameId", a field of the request of model margin',
  ],
  [
    'a batch of a model that is not listed',
    () => batch('next', { model: sales }),
    'batch next: its model "sales" is not in `models` of the project',
  ],
])('%s: a mistake is refused by name', (_case, declare, says) => {
  expect(mistakesIn({ models: [margin], steps: [declare()] })).toContain(says);
});

test.each<[string, object, string]>([
  [
    'a text as time',
    { time: 'shop' },
    'time "shop" is a string column: name a date or time column, such as "month"',
  ],
  [
    'a margin that is not measured',
    { promote: { alias: 'prod', when: lower('mae', { by: 'standardError' }) } },
    "promote.when.by is 'standardError', which is not measured for a forecast: give a finite number from 0",
  ],
  ['a text as value', { value: 'shop' }, 'value "shop" is a string column: a forecast is of numbers'],
  ['a series that may be null', { series: 'note' }, 'series "note" may be null'],
  ['no horizon', { horizon: 0 }, 'horizon is 0: give a whole number from 1'],
  ['no candidates', { candidates: [] }, 'candidates is empty'],
  [
    'a candidate that forecasts nothing',
    { candidates: [margin.trainer] },
    'candidates[0] must be a forecaster, such as theta() or ets(); for a trainer, use treesOnLags',
  ],
  [
    'a blend of one',
    { candidates: [blend([theta()])] },
    'candidates[0]: blend needs two forecasters at least',
  ],
  ['no folds', { evaluate: rollingOrigin({ folds: 0 }) }, 'evaluate.folds is 0: give a whole number from 1'],
  [
    'a metric of models',
    { metrics: ['smape', 'r2'] },
    'metrics has "r2", which does not measure a forecast: use mae',
  ],
  [
    'a gate on what is not measured',
    { promote: { alias: 'prod', when: lower('mase') } },
    'promote uses "mase", which is not in metrics (smape)',
  ],
])('a forecast with %s is refused', (_case, change, says) => {
  expect(mistakesIn({ models: [sales] })).toBe('no error');
  expect(mistakesIn({ models: [{ ...sales, ...change }] })).toContain(`forecast sales: ${says}`);
});

test.each<[string, ProjectOptions, string]>([
  [
    'four fields',
    { schedules: [{ cron: '@daily' as never }] },
    'schedules[0]: cron is "@daily": give five fields',
  ],
  [
    'an hour that no day has',
    { schedules: [{ cron: '0 24 * * *' }] },
    'schedules[0]: cron is "0 24 * * *": its hour is "24"; give *, a number from 0 to 23',
  ],
  ['neither a time nor an event', { schedules: [{}] }, "schedules[0]: give `cron`, or `on: 'newData'`"],
  [
    'an unknown time zone',
    { schedules: [{ cron: '0 9 * * *', timeZone: 'Mars' }] },
    'schedules[0]: timeZone is "Mars": give a name such as "Europe/Vienna"',
  ],
  [
    'a declaration of another project',
    { schedules: [{ cron: '0 9 * * *', run: [sales] }] },
    'schedules[0]: run has forecast sales, which the project does not list',
  ],
  [
    'a receiver without a secret',
    { notify: [webhook('https://a.org' as never)] },
    'notify[0] must be a secret',
  ],
])('a schedule with %s is refused', (_case, options, says) => {
  const good = {
    models: [margin],
    schedules: [{ cron: '*/15 9-17 * * 1,3' as const, run: [margin, games] }],
  };
  expect(mistakesIn(good)).toBe('no error');
  expect(mistakesIn({ models: [margin], ...options })).toContain(says);
});

test('a fold that declares its key and time in `out` is asked only to remove them', () => {
  const out = table(State.extend({ host: z.string(), date: z.iso.date() }));
  const mistakes = mistakesIn({
    models: [margin],
    steps: [fold('states', { ...folded, out, start: { lead: 0 } as never }, (state) => state)],
  });
  expect(mistakes).toContain('out has the column "host", which the fold adds itself');
  expect(mistakes).toContain('out has the column "date", which the fold adds itself');
  expect(mistakes).not.toContain('start lacks');
});
