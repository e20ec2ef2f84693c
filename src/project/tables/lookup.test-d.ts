import { test } from 'vitest';
import { z } from 'zod';
import { featureView } from './feature-view.ts';
import { fold } from './fold.ts';
import { model } from '../models/model.ts';
import { table } from './table.ts';
import { events, filled, form, forms, games, sound } from '../wiring.fixture.ts';

test('a view and its lookups follow the tables', () => {
  featureView('a', { rows: forms, key: 'team', at: 'date', knownAt: 'date' });
  featureView('b', { rows: games, key: ['host', 'guest'], at: 'date' }).of(
    { host: 'guest', guest: 'host' },
    { before: 'date' },
  );
  model('c', {
    ...sound,
    lookups: { ...sound.lookups, host: form.of('host', { before: 'date' }) },
    features: (_game, { host }) => ({ elo: host?.elo ?? 1300 }),
  });
});

test('a view that is wired wrongly does not compile', () => {
  // @ts-expect-error: the view's table has no column "squad"
  featureView('a', { rows: forms, key: 'squad', at: 'date' });
  // @ts-expect-error: a text is not a time
  featureView('b', { rows: forms, key: 'team', at: 'coach' });
  // @ts-expect-error: nor is it a time at which something became known
  featureView('b2', { rows: forms, key: 'team', at: 'date', knownAt: 'coach' });
  // @ts-expect-error: the initial values lack one
  featureView('c', { rows: forms, key: 'team', at: 'date', initial: { elo: 1300 } });
  // @ts-expect-error: two keys need a field each
  featureView('d', { rows: games, key: ['host', 'guest'], at: 'date' }).of('host', { before: 'date' });
});

test('a lookup that is wired wrongly does not compile', () => {
  // @ts-expect-error: the request has no field "home"
  model('a', { ...sound, lookups: { ...sound.lookups, host: filled.of('home', { before: 'date' }) } });
  // @ts-expect-error: the request's "gameId" is not a team
  model('b', { ...sound, lookups: { ...sound.lookups, host: filled.of('gameId', { before: 'date' }) } });
  // @ts-expect-error: the rows have no time "day"
  model('c', { ...sound, lookups: { ...sound.lookups, host: filled.of('host', { before: 'day' }) } });
  // @ts-expect-error: the rows' "venue" is not a time
  model('d', { ...sound, lookups: { ...sound.lookups, host: filled.of('host', { before: 'venue' }) } });
  // @ts-expect-error: without `initial`, a team may have no values
  model('e', { ...sound, lookups: { ...sound.lookups, host: form.of('host', { before: 'date' }) } });
  // @ts-expect-error: the features use a lookup that does not exist
  model('f', { ...sound, lookups: { host: filled.of('host', { before: 'date' }) } });
});

test('a fold has one state, from its start on', () => {
  const counting = { in: events, key: 'gameId', at: 'at', out: table(z.object({ n: z.int() })) } as const;
  fold('a', { ...counting, start: { n: 0 } }, ({ n }, { points }) => ({ n: n + points }));
  // @ts-expect-error: the start lacks a column
  fold('b', { ...counting, start: {} }, (state) => state);
  // @ts-expect-error: the next state lacks a column
  fold('c', { ...counting, start: { n: 0 } }, () => ({ m: 1 }));
  // @ts-expect-error: a game id is not a time
  fold('d', { ...counting, at: 'gameId', start: { n: 0 } }, (state) => state);
});
