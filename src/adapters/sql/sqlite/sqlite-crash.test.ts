import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { siblingEntry } from '../../../kernel/entry.ts';
import type { RunId } from '../../../kernel/ids.ts';
import { openSqlite } from './sqlite.ts';
import { sqlTrackingStore } from '../tracking/tracking-store.ts';

const rounds = [3, 17, 41];
const points = 20;

const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

/** Several writers at once; each says the run's id when both of its writes have returned. */
const writers = (path: string): string => `
  import { newRunId } from ${url('../../../kernel/ids.ts')};
  import { openSqlite } from ${url('./sqlite.ts')};
  import { sqlTrackingStore } from ${url('../tracking/tracking-store.ts')};
  const store = sqlTrackingStore(await openSqlite(${JSON.stringify(path)}));
  const { id: experimentId } = await store.ensureExperiment('crash', 0);
  const writer = async () => {
    for (;;) {
      const id = newRunId();
      await store.createRun({ id, experimentId, name: 'calm-otter', startedAt: Date.now(), tags: { made: id } });
      const metrics = Array.from({ length: ${points} }, (_, step) => ({ key: 'loss', value: 1 / (step + 1), step, timestamp: step }));
      await store.logBatch(id, { params: { of: id }, metrics });
      process.stdout.write(id + '\\n');
    }
  };
  await Promise.all([writer(), writer(), writer()]);
`;

test('what was acknowledged before a kill -9 is there whole, and no batch is there in part', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-crash-'));
  const path = join(folder, 'state.db');
  const acknowledged: string[] = [];
  for (const killAfter of rounds) {
    acknowledged.push(...(await killedAfter(path, killAfter)));
    await using database = await openSqlite(path);
    const store = sqlTrackingStore(database);
    const runs = await store.listRuns({ limit: 100_000 });
    const whole = runs.filter(({ params }) => 'of' in params);
    const found = new Set<string>(whole.map(({ id }) => id));
    expect(acknowledged.filter((id) => !found.has(id))).toEqual([]);
    for (const run of runs) {
      expect(run.tags).toEqual({ made: run.id });
      const history = await store.metricHistory(run.id as RunId, 'loss');
      expect({ params: run.params, points: history.length }).toEqual(
        found.has(run.id) ? { params: { of: run.id }, points } : { params: {}, points: 0 },
      );
    }
  }
  expect(acknowledged.length).toBeGreaterThanOrEqual(rounds.reduce((sum, round) => sum + round, 0));
  await rm(folder, { recursive: true });
});

/** @returns every id that the writers said before they were gone */
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
