import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { PredictionView } from '../../src/api/views.ts';
import { edit, writeHouses } from './houses.ts';
import { startDev, temporaryFolder } from './product.ts';

const perSecond = 200;

interface Outcome {
  readonly status: number;
  readonly version: number | undefined;
}

async function ask(url: string, size: number): Promise<Outcome> {
  try {
    const response = await fetch(`${url}/predict/house-price`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ size, garden: size % 2 === 0 }),
    });
    return { status: response.status, version: ((await response.json()) as Partial<PredictionView>).version };
  } catch {
    return { status: 0, version: undefined };
  }
}

/** Sends requests at a steady pace, whether or not responses arrive, until stopped. */
function askSteadily(url: string): { stop(): Promise<readonly Outcome[]> } {
  const outcomes: Promise<Outcome>[] = [];
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * perSecond;
    while (outcomes.length < due) outcomes.push(ask(url, 40 + (outcomes.length % 160)));
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return Promise.all(outcomes);
    },
  };
}

test(`${perSecond} predictions a second while a new version takes over: none fails`, async () => {
  await using folder = await temporaryFolder();
  await writeHouses(folder.path);
  await using dev = await startDev(['--project', folder.path]);
  await dev.line(/version 1 promoted/);

  const asking = askSteadily(dev.url);
  await wait(500);
  await edit(join(folder.path, 'modelyard.config.ts'), 'trees: 20', 'trees: 80');
  await dev.line(/version 2 promoted/);
  await wait(1000);
  const outcomes = await asking.stop();

  expect(outcomes.filter(({ status }) => status !== 200)).toEqual([]);
  const versions = outcomes.map(({ version }) => version);
  expect(new Set(versions)).toEqual(new Set([1, 2]));
  expect(versions.lastIndexOf(1), 'the old one never answers again').toBeLessThan(
    versions.length - perSecond / 2,
  );
});
