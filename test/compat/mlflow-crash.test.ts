import { expect, test } from 'vitest';
import { runScript, whyWithoutPython, withoutPython } from './mlflow-client.ts';
import { startServer } from './mlflow-server.ts';
import { newSchema } from './postgres-schema.ts';

const postgres = process.env['MODELYARD_COMPAT_POSTGRES'];
const whyWithoutPostgres = postgres === undefined ? ' (no MODELYARD_COMPAT_POSTGRES)' : '';

interface Round {
  readonly acknowledged: number;
  readonly lost: number;
  readonly 'in part': number;
  readonly 'kept unacknowledged': number;
}

const kills = 50;
/** Early, late and between: 1 to 97 batches after the start. */
const killAfter = Array.from({ length: kills }, (_, round) => 1 + ((round * 37) % 97));

test.skipIf(withoutPython)(
  `a server on SQLite killed ${kills} times under load keeps every batch that it took, and no part of one${whyWithoutPython}`,
  () => killedUnderLoad({}),
);

test.skipIf(withoutPython || postgres === undefined)(
  `a server on PostgreSQL killed ${kills} times under load keeps every batch that it took, and no part of one${whyWithoutPython}${whyWithoutPostgres}`,
  async () => {
    await using schema = await newSchema(postgres ?? '');
    await killedUnderLoad({ MODELYARD_DATABASE_URL: schema.url });
  },
);

async function killedUnderLoad(env: Readonly<Record<string, string>>): Promise<void> {
  await using server = await startServer(env);
  let round = 0;
  let acknowledged = 0;
  const rounds = await runScript<readonly Round[]>('./mlflow_crash.py', {
    url: server.url,
    input: { rounds: kills, points: 250 },
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
  expect(rounds).toHaveLength(kills);
  for (const [place, facts] of rounds.entries()) {
    expect(facts).toMatchObject({ lost: 0, 'in part': 0 });
    expect(facts.acknowledged).toBeGreaterThanOrEqual(killAfter[place] ?? Infinity);
    expect(facts['kept unacknowledged']).toBeLessThanOrEqual(4);
  }
}
