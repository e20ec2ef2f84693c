import { expect, test } from 'vitest';
import { openReadiness } from './readiness.ts';

const up = { name: 'database', check: () => Promise.resolve() };
const down = { name: 'artifact store', check: () => Promise.reject(new Error('gone')) };
const stuck = { name: 'other', check: () => new Promise(() => {}) };

test('it waits for what does not answer, what hangs, and endpoints without a version', async () => {
  const ready = openReadiness({
    dependencies: [up, down, stuck],
    endpoints: () => ['house-price'],
    now: () => 1,
    timeout: 20,
  });
  expect(await ready()).toEqual({ ready: false, waitsFor: ['artifact store', 'other', 'house-price'] });
  expect(await openReadiness({ dependencies: [up], now: () => 1 })()).toEqual({ ready: true, waitsFor: [] });
});

test('a dependency is asked once for many probes, and again after a while or when the clock was set back', async () => {
  let time = 10_000;
  let asked = 0;
  let isAway = false;
  const check = async (): Promise<void> => {
    asked += 1;
    if (isAway) throw new Error('gone');
  };
  const ready = openReadiness({ dependencies: [{ name: 'database', check }], now: () => time });
  await Promise.all([ready(), ready(), ready()]);
  expect(asked).toBe(1);
  isAway = true;
  expect((await ready()).ready).toBe(true);
  time += 1000;
  expect(await ready()).toEqual({ ready: false, waitsFor: ['database'] });
  isAway = false;
  time -= 5000;
  expect((await ready()).ready).toBe(true);
  expect(asked).toBe(3);
});

test('a check that hangs is reused a few times, and then forgotten: the next one may find the database', async () => {
  let asked = 0;
  let isBack = false;
  const check = (): Promise<void> => {
    asked += 1;
    return isBack ? Promise.resolve() : new Promise(() => {});
  };
  const ready = openReadiness({
    dependencies: [{ name: 'database', check }],
    now: () => 1,
    timeout: 1,
    lifetime: 0,
  });
  for (let probe = 0; probe < 3; probe++) expect((await ready()).waitsFor).toEqual(['database']);
  expect(asked).toBe(1);
  for (let probe = 0; probe < 3; probe++) expect((await ready()).waitsFor).toEqual(['database']);
  expect(asked).toBe(2);
  isBack = true;
  expect(await ready()).toEqual({ ready: true, waitsFor: [] });
});
