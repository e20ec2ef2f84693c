import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { PredictionView } from '../../src/api/views.ts';
import { edit, writeHouses } from './houses.ts';
import { startDev, temporaryFolder } from './product.ts';

const perSecond = 200;

interface Answer {
  readonly status: number;
  readonly version: number | undefined;
}

async function ask(url: string, size: number): Promise<Answer> {
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

/** Asks at a steady pace, whether or not answers come, until told to stop. */
function askSteadily(url: string): { stop(): Promise<readonly Answer[]> } {
  const answers: Promise<Answer>[] = [];
  const startedAt = performance.now();
  const timer = setInterval(() => {
    const due = ((performance.now() - startedAt) / 1000) * perSecond;
    while (answers.length < due) answers.push(ask(url, 40 + (answers.length % 160)));
  }, 5);
  return {
    stop() {
      clearInterval(timer);
      return Promise.all(answers);
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
  const answers = await asking.stop();

  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  const versions = answers.map(({ version }) => version);
  expect(new Set(versions)).toEqual(new Set([1, 2]));
  expect(versions.lastIndexOf(1), 'the old one never answers again').toBeLessThan(
    versions.length - perSecond / 2,
  );
});
