import { expectTypeOf, test } from 'vitest';
import { z } from 'zod';
import { command } from '../command.ts';
import { postgres } from './database.ts';
import { readerOf } from '../declarations.fixture.ts';
import { file } from '../file.ts';
import { params } from '../params.ts';
import { secret } from '../secret.ts';
import { sink } from './sink.ts';
import { source } from './source.ts';
import { sql } from './sql.ts';
import { step } from './step.ts';
import { table } from './table.ts';
import { Game, games, margin, TeamForm } from '../wiring.fixture.ts';

test('commands, tables and sinks that are wired rightly compile', () => {
  command('a', { in: { rows: margin.training }, registers: margin }, 'python train.py {in.rows}');
  command(
    'b',
    { in: { games }, out: { page: file('text/html') }, params: { depth: 3 } },
    'make {in.games} {out.page} --depth {params.depth}',
  );
  table(Game, { unique: ['gameId', 'date'], fresh: { by: 'date', within: '2d' } });
  table(TeamForm, { nulls: { coach: 0.1 } });
  source('c', readerOf(Game), { key: 'gameId', since: 'date' });
  sink('d', { rows: games, to: postgres(secret('DATABASE_URL')), key: ['gameId', 'season'] });
  const days = sql('e', { in: { games }, out: table(Game) }, 'select * from games');
  sql('f', { in: { days }, out: table(Game) }, 'select * from days');
});

test('a step with a matrix gets its values', () => {
  step(
    'a',
    { in: { games }, out: { rows: table(Game) }, matrix: { team: ['ATL', 'BOS'] } },
    async ({ item }) => {
      expectTypeOf(item.team).toEqualTypeOf<'ATL' | 'BOS'>();
      // @ts-expect-error: the matrix has no "season"
      expectTypeOf(item.season);
    },
  );
  step('b', { in: { games }, out: { rows: table(Game) } }, async (context) => {
    // @ts-expect-error: without a matrix there are no values
    expectTypeOf(context.item);
  });
});

test('a command or a SELECT that is wired wrongly does not compile', () => {
  // @ts-expect-error: no input "rowz"
  command('a', { in: { rows: games } }, 'python train.py {in.rowz}');
  // @ts-expect-error: a command registers versions of a model, not of a table
  command('b', { in: { games }, registers: games }, 'python train.py');
  const report = command('report', { in: {}, out: { page: file('text/html') } }, 'make {out.page}');
  // @ts-expect-error: the command writes no "rows"
  sql('c', { in: { rows: report.out.rows }, out: table(Game) }, 'select * from rows');
  // @ts-expect-error: the page is a file, and a SELECT reads tables
  sql('d', { in: { page: report.out.page }, out: table(Game) }, 'select * from page');
});

test('checks, keys and secrets that are wired wrongly do not compile', () => {
  // @ts-expect-error: unique by a column that does not exist
  table(Game, { unique: ['gameId', 'season'] });
  // @ts-expect-error: a share of nulls of a column that never is null
  table(TeamForm, { nulls: { elo: 0.1 } });
  // @ts-expect-error: a game id is not a time
  source('a', readerOf(Game), { checks: { fresh: { by: 'gameId', within: '2d' } } });
  // @ts-expect-error: nor is a team
  source('b', readerOf(Game), { key: 'gameId', since: 'host' });
  // @ts-expect-error: the address of a database is a secret
  postgres('postgres://user:password@host/db');
  // @ts-expect-error: no column "id"
  sink('c', { rows: games, to: postgres(secret('DATABASE_URL')), key: 'id' });
  // @ts-expect-error: a param that is not declared
  expectTypeOf(params(z.object({ live: z.boolean() })).offline);
});
