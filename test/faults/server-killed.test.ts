import { expect, test } from 'vitest';
import { runScript, whyWithoutPython, withoutPython } from '../compat/mlflow-client.ts';
import { startServer } from '../compat/mlflow-server.ts';
import { newSchema } from '../compat/postgres-schema.ts';
import { counted, reportFault, short } from './report.ts';

const postgres = process.env['MODELYARD_COMPAT_POSTGRES'];
const whyWithoutPostgres = postgres === undefined ? ' (no MODELYARD_COMPAT_POSTGRES)' : '';

interface Round {
  readonly acknowledged: number;
  readonly lost: number;
  readonly 'in part': number;
  readonly 'kept unacknowledged': number;
}

const kills = short ? 6 : 50;
/** Early, late and between: after 1 to 97 batches. */
const killAfter = Array.from({ length: kills }, (_, round) => 1 + ((round * 37) % 97));

test.skipIf(withoutPython)(
  `a SQLite server killed ${kills} times under load keeps every acknowledged batch, and no partial one${whyWithoutPython}`,
  () => killedUnderLoad('SQLite', {}),
);

test.skipIf(withoutPython || postgres === undefined)(
  `a PostgreSQL server killed ${kills} times under load keeps every acknowledged batch, and no partial one${whyWithoutPython}${whyWithoutPostgres}`,
  async () => {
    await using schema = await newSchema(postgres ?? '');
    await killedUnderLoad('PostgreSQL', { MODELYARD_DATABASE_URL: schema.url });
  },
);

async function killedUnderLoad(database: string, env: Readonly<Record<string, string>>): Promise<void> {
  await using server = await startServer(env);
  let round = 0;
  let acknowledged = 0;
  const rounds = await runScript<readonly Round[]>('../faults/mlflow_crash.py', {
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
  const sum = (field: keyof Round): number => rounds.reduce((total, facts) => total + facts[field], 0);
  reportFault({
    fault: `modelyard server on ${database}: kill -9 under load`,
    tried: counted(rounds.length, 'kill'),
    acknowledged: counted(sum('acknowledged'), 'batch', 'batches'),
    lost: sum('lost') + sum('in part'),
  });
  expect(rounds).toHaveLength(kills);
  for (const [index, facts] of rounds.entries()) {
    expect(facts).toMatchObject({ lost: 0, 'in part': 0 });
    expect(facts.acknowledged).toBeGreaterThanOrEqual(killAfter[index] ?? Infinity);
    expect(facts['kept unacknowledged']).toBeLessThanOrEqual(4);
  }
}
