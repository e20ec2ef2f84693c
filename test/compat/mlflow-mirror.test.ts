import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { modelyard } from '../e2e/product.ts';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';
import { type OutsideServer, startOutside } from './mlflow-outside.ts';
import { type MlflowServer, startServer } from './mlflow-server.ts';

interface Outcome {
  readonly differences: readonly unknown[];
  readonly counted: {
    readonly runs: number;
    readonly points: number;
    readonly params: number;
    readonly files: number;
  };
  readonly bytes: number;
  readonly predicted: readonly number[];
}

test.skipIf(withoutPython)(
  `an MLflow server with two outages, while ours is killed three times, gets everything once${whyWithoutPython}`,
  async () => {
    await using outside = await startOutside(process.env['MODELYARD_COMPAT_PYTHON'] ?? '');
    await using server = await startServer({ MODELYARD_MIRROR: outside.url });
    const asked: string[] = [];
    const { differences, counted, bytes, predicted } = await runScript<Outcome>('./mlflow_mirror.py', {
      url: server.url,
      input: { theirs: outside.url },
      async onLine(line) {
        if (!/^(away|back|crash|sent)$/.test(line)) return undefined;
        asked.push(line);
        await perform(line, outside, server);
        return 'done';
      },
    });
    expect(asked).toEqual(['away', 'crash', 'back', 'crash', 'away', 'back', 'crash', 'sent']);
    expect(differences).toEqual([]);
    expect(counted).toMatchObject({ runs: 7, points: 8007 });
    expect(bytes).toBeGreaterThan(2_000_000);
    expect(predicted[0]).toBeCloseTo(3);
    expect(await statusOf(outside, server)).toMatchObject({ refused: 0, refusals: [] });
    await expect.poll(() => measured(server, 'modelyard_mirror_backlog'), { timeout: 10_000 }).toBe(0);
    expect(await measured(server, 'modelyard_mirror_sent_total')).toBeGreaterThan(0);
  },
);

async function perform(word: string, outside: OutsideServer, server: MlflowServer): Promise<void> {
  switch (word) {
    case 'away':
      return outside.kill();
    case 'back':
      return outside.restart();
    case 'crash':
      server.kill();
      return server.restart();
    default:
      while ((await statusOf(outside, server)).waiting > 0) await pause(500);
  }
}

async function statusOf(
  outside: OutsideServer,
  { state }: MlflowServer,
): Promise<{ readonly waiting: number; readonly refused: number }> {
  const env = { MODELYARD_MIRROR: outside.url };
  const { out } = await modelyard(['mirror', '--json', '--state', state], { env });
  return JSON.parse(out) as { readonly waiting: number; readonly refused: number };
}

async function measured(server: MlflowServer, metric: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${metric} (.+)$`, 'm').exec(text)?.[1]);
}
