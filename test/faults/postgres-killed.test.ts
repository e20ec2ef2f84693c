import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { openPostgres } from '../../src/adapters/sql/postgres/postgres.ts';
import { sqlTrackingStores } from '../../src/adapters/sql/tracking/tracking-stores.ts';
import { dependenciesOf } from '../../src/cli/host/dependencies.ts';
import { openReadiness } from '../../src/http/native/readiness.ts';
import { siblingEntry } from '../../src/kernel/entry.ts';
import { newRunId, type RunId } from '../../src/kernel/ids.ts';
import { keyValues } from '../../src/tracking/run-entries.ts';
import type { TrackingStores } from '../../src/tracking/stores.ts';
import { execute } from '../compat/postgres-schema.ts';
import { postgresPrograms, startPostgres } from '../compat/postgres-server.ts';
import { counted, reportFault } from './report.ts';

const programs = postgresPrograms();
const canRun = process.env['MODELYARD_COMPAT_POSTGRES'] !== undefined && programs !== undefined;
const why = canRun ? '' : ' (skipped: needs MODELYARD_COMPAT_POSTGRES and the programs of PostgreSQL)';

const points = 100;
const metrics = Array.from({ length: points }, (_, step) => ({
  key: 'loss',
  value: 1 / (step + 1),
  step,
  timestamp: step,
}));

const connections = `select count(*)::int as open from pg_stat_activity where application_name = 'modelyard'`;

describe.skipIf(!canRun)(`PostgreSQL that fails${why}`, () => {
  test('a server killed under load has every acknowledged batch in full, and the pool recovers', async () => {
    await using server = await startPostgres(programs ?? '');
    await using database = await openPostgres(server.url);
    const store = sqlTrackingStores(database);
    const { id: experimentId } = await store.experiments.ensure('crash', 0);
    const acknowledged: RunId[] = [];
    const failures: unknown[] = [];
    const missing: string[] = [];
    for (const killAfter of [5, 40, 90]) {
      const until = acknowledged.length + killAfter;
      let killed: Promise<void> | undefined;
      const writer = async (): Promise<void> => {
        for (let alive = true; alive;) {
          try {
            acknowledged.push(await loggedRun(store, experimentId));
          } catch (error) {
            failures.push(error);
            alive = false;
          }
          if (acknowledged.length >= until) killed ??= server.kill();
        }
      };
      await Promise.all([writer(), writer(), writer(), writer()]);
      await killed;
      await server.start();
      missing.push(...(await missingIn(store, acknowledged)));
    }
    report('PostgreSQL: killed under load and started again', { kills: 3, acknowledged, missing });
    expect(failures.length).toBe(12);
    for (const failure of failures) expect(failure).toMatchObject({ code: 'NOT_READY' });
    expect(acknowledged.length).toBeGreaterThanOrEqual(135);
  });

  test('a client killed while it logs leaves no partial batch', async () => {
    await using server = await startPostgres(programs ?? '');
    const acknowledged: string[] = [];
    const missing: string[] = [];
    for (const killAfter of [3, 17, 41]) {
      acknowledged.push(...(await killedAfter(server.url, killAfter)));
      await expect.poll(() => execute(server.url, connections)).toEqual([{ open: 0 }]);
      await using database = await openPostgres(server.url);
      missing.push(...(await missingIn(sqlTrackingStores(database), acknowledged)));
    }
    report('client of PostgreSQL: kill -9 under load', { kills: 3, acknowledged, missing });
    expect(acknowledged.length).toBeGreaterThanOrEqual(61);
  });

  test('a server without its database is not ready until the database is back', async () => {
    await using server = await startPostgres(programs ?? '');
    await using database = await openPostgres(server.url);
    const present = { check: () => Promise.resolve() };
    const ready = openReadiness({
      dependencies: dependenciesOf({ database, artifacts: present, blobs: present }),
      now: Date.now,
      lifetime: 0,
    });
    expect(await ready()).toEqual({ ready: true, waitsFor: [] });
    await server.kill();
    expect(await ready()).toEqual({ ready: false, waitsFor: ['database'] });
    await server.start();
    await expect.poll(ready).toEqual({ ready: true, waitsFor: [] });
  });

  test('a server that is still starting is reported without a long wait', async () => {
    await using server = await startPostgres(programs ?? '');
    await server.kill();
    await expect(openPostgres(server.url)).rejects.toMatchObject({
      code: 'NOT_READY',
      detail: { value: `postgres://modelyard@127.0.0.1:${server.port}/postgres` },
    });
  });
});

async function loggedRun(store: TrackingStores, experimentId: string): Promise<RunId> {
  const id = newRunId();
  await store.runs.create({
    id,
    experimentId,
    name: 'calm-otter',
    startedAt: 0,
    tags: [{ key: 'created', value: id }],
  });
  await store.runs.log(id, { params: [{ key: 'of', value: id }], metrics });
  return id;
}

/** Checks that no batch is partial. @returns the acknowledged batches that are missing */
async function missingIn(store: TrackingStores, acknowledged: readonly string[]): Promise<readonly string[]> {
  const { runs } = await store.runs.list({ limit: 100_000 });
  const whole = new Set(
    runs.filter(({ params }) => params.some(({ key }) => key === 'of')).map(({ info }) => String(info.id)),
  );
  for (const run of runs) {
    const { id } = run.info;
    expect(run.tags).toEqual(keyValues({ created: id, 'mlflow.runName': 'calm-otter' }));
    const history = await store.metrics.history({ runId: id, key: 'loss', offset: 0, limit: 1000 });
    expect({ params: run.params, points: history.items.length }).toEqual(
      whole.has(id) ? { params: [{ key: 'of', value: id }], points } : { params: [], points: 0 },
    );
  }
  return acknowledged.filter((id) => !whole.has(id));
}

interface Facts {
  readonly kills: number;
  readonly acknowledged: readonly string[];
  readonly missing: readonly string[];
}

function report(fault: string, { kills, acknowledged, missing }: Facts): void {
  const tried = counted(kills, 'kill');
  reportFault({ fault, tried, acknowledged: counted(acknowledged.length, 'run'), lost: missing.length });
  expect(missing).toEqual([]);
}

const module = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);

/** Several writers at once; each prints the run's id after both of its writes are acknowledged. */
const writers = (url: string): string => `
  import { newRunId } from ${module('kernel/ids.ts')};
  import { openPostgres } from ${module('adapters/sql/postgres/postgres.ts')};
  import { sqlTrackingStores } from ${module('adapters/sql/tracking/tracking-stores.ts')};
  const store = sqlTrackingStores(await openPostgres(${JSON.stringify(url)}));
  const { id: experimentId } = await store.experiments.ensure('crash', 0);
  const writer = async () => {
    for (;;) {
      const id = newRunId();
      await store.runs.create({ id, experimentId, name: 'calm-otter', startedAt: 0, tags: [{ key: 'created', value: id }] });
      await store.runs.log(id, { params: [{ key: 'of', value: id }], metrics: ${JSON.stringify(metrics)} });
      process.stdout.write(id + '\\n');
    }
  };
  await Promise.all([writer(), writer(), writer()]);
`;

/** @returns every id that the writers printed before they were killed */
async function killedAfter(url: string, lines: number): Promise<readonly string[]> {
  const { execArgv } = siblingEntry(
    new URL('../../src/adapters/sql/postgres/x.ts', import.meta.url).href,
    './postgres',
  );
  const child = spawn(process.execPath, [...execArgv, '--input-type=module', '--eval', writers(url)], {
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
