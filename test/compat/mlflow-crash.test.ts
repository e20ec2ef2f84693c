import { expect, test } from 'vitest';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';
import { startServer } from './mlflow-server.ts';

interface Round {
  readonly acknowledged: number;
  readonly lost: number;
  readonly 'in part': number;
  readonly 'kept unacknowledged': number;
}

test.skipIf(withoutPython)(
  `a server killed ten times while four threads log keeps every batch that it took, and no part of one${whyWithoutPython}`,
  async () => {
    await using server = await startServer();
    const killAfter = [40, 1, 7, 95, 20, 3, 61, 12, 33, 50];
    let round = 0;
    let acknowledged = 0;
    const rounds = await runScript<readonly Round[]>('./mlflow_crash.py', {
      url: server.url,
      input: { rounds: killAfter.length, points: 250 },
      env: { MLFLOW_HTTP_REQUEST_MAX_RETRIES: '0' },
      async onLine(line) {
        if (line === 'acknowledged') {
          acknowledged += 1;
          if (acknowledged === killAfter[round]) server.kill();
        }
        if (line !== 'down') return undefined;
        await server.restart();
        round += 1;
        acknowledged = 0;
        return 'up';
      },
    });
    expect(rounds).toHaveLength(10);
    for (const [place, facts] of rounds.entries()) {
      expect(facts).toMatchObject({ lost: 0, 'in part': 0 });
      expect(facts.acknowledged).toBeGreaterThanOrEqual(killAfter[place] ?? Infinity);
      expect(facts['kept unacknowledged']).toBeLessThanOrEqual(4);
    }
  },
);
