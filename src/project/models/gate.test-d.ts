import { test } from 'vitest';
import { z } from 'zod';
import { model } from './model.ts';
import { above } from './monitoring.ts';
import { higher, lower } from './promotion.ts';
import { defineTrainer } from './trainer.ts';
import { stumpsDefinition } from './trainer.fixture.ts';
import { forms, games, number, ofClasses, sound } from '../wiring.fixture.ts';

test('splits, gates and monitors that are wired rightly compile', () => {
  model('a', { ...sound, split: { by: 'date', test: { from: '2016-01-01', refit: 'year' }, gap: '1d' } });
  model('b', { ...sound, split: { by: 'season', group: 'venue', test: 0.2 } });
  model('c', { ...sound, split: { rows: 'independent', test: 0.2 } });
  model('d', { ...sound, baselines: { flat: ofClasses() }, promote: { ...sound.promote, beats: ['flat'] } });
  model('e', { ...sound, serve: { canary: { weight: 0.1, for: '1h', guard: ['errors', 'brier'] } } });
  model('f', { ...number, monitor: { outcome: { from: games, on: 'gameId', value: 'margin' } } });
  model('g', { ...sound, monitor: { alerts: { worse: { when: above('brier', 0.3) } } } });
  model('h', { ...sound, promote: { alias: 'prod', when: lower('brier', { by: 'standardError' }) } });
});

test('a split that is wired wrongly does not compile', () => {
  // @ts-expect-error: an id is not an order
  model('a', { ...sound, split: { by: 'gameId', test: 0.2 } });
  // @ts-expect-error: a date that may be null orders only some rows
  model('b', { ...sound, split: { by: 'moved', test: 0.2 } });
  // @ts-expect-error: rows are drawn one by one only if the project says that they are independent
  model('c', { ...sound, split: { test: 0.2 } });
  // @ts-expect-error: rows without an order cannot walk forward
  model('d', { ...sound, split: { rows: 'independent', test: { from: '2016-01-01', refit: 'year' } } });
});

test('a gate or a guard that is wired wrongly does not compile', () => {
  // @ts-expect-error: no such baseline
  model('a', { ...sound, baselines: { flat: ofClasses() }, promote: { ...sound.promote, beats: ['elo'] } });
  // @ts-expect-error: a baseline of yes or no returns a probability
  model('b', { ...sound, baselines: { host: () => 'BOS' } });
  // @ts-expect-error: the gate uses what is not measured
  model('c', { ...sound, promote: { alias: 'prod', when: higher('accuracy') } });
  // @ts-expect-error: auc is not a mean over outcomes, so it cannot guard a canary
  model('d', { ...sound, serve: { canary: { weight: 0.1, for: '1h', guard: ['auc'] } } });
  // @ts-expect-error: the request has no field "income" to leave out of the log
  model('e', { ...sound, serve: { log: { without: ['income'] } } });
  const seeded = defineTrainer({
    ...stumpsDefinition,
    learns: ['boolean'],
    options: stumpsDefinition.options.extend({ seed: z.int().default(0) }),
  })();
  model('f', { ...sound, trainer: seeded, search: { trials: 2, space: { depth: [2, 8] } } });
  // @ts-expect-error: a search over seeds only finds luck
  model('g', { ...sound, trainer: seeded, search: { trials: 2, space: { seed: [0, 9] } } });
  // @ts-expect-error: a better brier is not a text
  model('h', { ...sound, promote: { alias: 'prod', when: lower('brier', { by: 'a little' }) } });
});

test('a monitor that is wired wrongly does not compile', () => {
  // @ts-expect-error: the request has no "season" to find an outcome by
  model('a', { ...sound, monitor: { outcome: { on: 'season' } } });
  // @ts-expect-error: the other table has no "gameId"
  model('b', { ...sound, monitor: { outcome: { from: forms, on: 'gameId', value: 'elo' } } });
  // @ts-expect-error: a margin is not an outcome of yes or no
  model('c', { ...sound, monitor: { outcome: { from: games, on: 'gameId', value: 'margin' } } });
  // @ts-expect-error: the alert is on a metric that is not measured
  model('d', { ...sound, monitor: { alerts: { worse: { when: above('accuracy', 0.6) } } } });
});
