import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { siblingEntry } from '../../../kernel/entry.ts';
import { keyValues } from '../../../tracking/run-entries.ts';
import { openSqlite } from './sqlite.ts';
import { sqlTrackingStores } from '../tracking/tracking-stores.ts';

const rounds = [3, 17, 41];
const points = 20;

const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

/** Several writers at once; each prints the run's id after both of its writes are acknowledged. */
const writers = (path: string): string => `
  import { newRunId } from ${url('../../../kernel/ids.ts')};
  import { openSqlite } from ${url('./sqlite.ts')};
  import { sqlTrackingStores } from ${url('../tracking/tracking-stores.ts')};
  const store = sqlTrackingStores(await openSqlite(${JSON.stringify(path)}));
  const { id: experimentId } = await store.experiments.ensure('crash', 0);
  const writer = async () => {
    for (;;) {
      const id = newRunId();
      await store.runs.create({ id, experimentId, name: 'calm-otter', startedAt: Date.now(), tags: [{ key: 'created', value: id }] });
      const metrics = Array.from({ length: ${points} }, (_, step) => ({ key: 'loss', value: 1 / (step + 1), step, timestamp: step }));
      await store.runs.log(id, { params: [{ key: 'of', value: id }], metrics });
      process.stdout.write(id + '\\n');
    }
  };
  await Promise.all([writer(), writer(), writer()]);
`;

test('acknowledged writes survive kill -9 in full, and no batch is written in part', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-crash-'));
  const path = join(folder, 'state.db');
  const acknowledged: string[] = [];
  for (const killAfter of rounds) {
    acknowledged.push(...(await killedAfter(path, killAfter)));
    await using database = await openSqlite(path);
    const store = sqlTrackingStores(database);
    const { runs } = await store.runs.list({ limit: 100_000 });
    const whole = runs.filter(({ params }) => params.some(({ key }) => key === 'of'));
    const found = new Set<string>(whole.map(({ info }) => info.id));
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
    for (const run of runs) {
      const { id } = run.info;
      expect(run.tags).toEqual(keyValues({ created: id, 'mlflow.runName': 'calm-otter' }));
      const history = await store.metrics.history({ runId: id, key: 'loss', offset: 0, limit: 1000 });
      expect({ params: run.params, points: history.items.length }).toEqual(
        found.has(id) ? { params: [{ key: 'of', value: id }], points } : { params: [], points: 0 },
      );
    }
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(rounds.reduce((sum, round) => sum + round, 0));
  await rm(folder, { recursive: true });
});

/** @returns every id that the writers printed before they were killed */
async function killedAfter(path: string, lines: number): Promise<readonly string[]> {
  const { execArgv } = siblingEntry(import.meta.url, './sqlite-worker');
  const child = spawn(process.execPath, [...execArgv, '--input-type=module', '--eval', writers(path)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const gone = once(child, 'exit');
  const ids: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ids.push(line);
    if (ids.length === lines) child.kill('SIGKILL');
  }
  expect(await gone).toEqual([null, 'SIGKILL']);
  return ids;
}
