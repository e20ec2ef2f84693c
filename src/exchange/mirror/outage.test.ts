import { expect, test } from 'vitest';
import { streamOf } from './change.ts';
import { openBackoff, openOutage, pauseAfter } from './outage.ts';

/** A clock that a test moves, and what is logged. */
function openDeps() {
  const deps = {
    time: 1000,
    lines: [] as string[],
    now: () => deps.time,
    random: () => 1,
    log: {
      debug() {},
      error() {},
      info: (message: string) => void deps.lines.push(message),
      warn: (message: string) => void deps.lines.push(message),
    },
  };
  return deps;
}

const away = { after: undefined, reason: 'down' };

test.each([
  [1, 500],
  [2, 1000],
  [7, 32_000],
  [8, 60_000],
  [1000, 60_000],
])('the pause after attempt %d is at most %d ms, and at least half of it', (attempt, most) => {
  expect(pauseAfter(attempt, () => 1)).toBe(most);
  expect(pauseAfter(attempt, () => 0)).toBe(most / 2);
});

test('an outage lasts longer with every failed request, and is logged once', () => {
  const deps = openDeps();
  const outage = openOutage(deps);
  expect(outage.isOn()).toBe(false);
  for (const pause of [500, 1000, 2000]) {
    outage.report(away);
    deps.time += pause - 1;
    expect(outage.isOn()).toBe(true);
    deps.time += 1;
    expect(outage.isOn()).toBe(false);
  }
  expect(deps.lines).toEqual(['the mirror is away: changes are queued']);
});

test('a success ends an outage, and the next one starts from the first pause', () => {
  const deps = openDeps();
  const outage = openOutage(deps);
  for (let failure = 0; failure < 9; failure += 1) outage.report(away);
  outage.end();
  expect(outage.isOn()).toBe(false);
  outage.report(away);
  deps.time += 500;
  expect(outage.isOn()).toBe(false);
  outage.end();
  outage.end();
  expect(deps.lines).toEqual([
    'the mirror is away: changes are queued',
    'the mirror is back',
    'the mirror is away: changes are queued',
    'the mirror is back',
  ]);
});

test.each([
  ['as long as the server asks', 3000, 3000],
  ['no shorter than the pause', 100, 500],
  ['ten minutes at most', 9e9, 600_000],
])('an outage lasts %s', (_case, after, lasts) => {
  const deps = openDeps();
  const outage = openOutage(deps);
  outage.report({ after, reason: 'busy' });
  deps.time += lasts - 1;
  expect(outage.isOn()).toBe(true);
  deps.time += 1;
  expect(outage.isOn()).toBe(false);
});

test('a stream backs off until its pause is over or a change is sent', () => {
  const deps = openDeps();
  const backoff = openBackoff(deps);
  const [a, b] = [streamOf('run', 'a'), streamOf('run', 'b')];
  backoff.start(a, 1);
  backoff.start(b, 3);
  expect(backoff.streams()).toEqual([a, b]);
  deps.time += 500;
  expect(backoff.streams()).toEqual([b]);
  backoff.end(b);
  expect(backoff.streams()).toEqual([]);
});
