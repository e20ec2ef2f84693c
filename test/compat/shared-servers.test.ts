import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BatchView } from '../../src/api/batch-views.ts';
import type { JobView } from '../../src/api/job-views.ts';
import type { ModelView, ProjectView, RunView } from '../../src/api/views.ts';
import { edit, writeHouses } from '../e2e/houses.ts';
import { modelyard, temporaryFolder } from '../e2e/product.ts';
import { startTeamServer, type TeamServer } from '../e2e/team-server.ts';
import { newSchema } from './postgres-schema.ts';
import { type Gateway, startGateway, withoutGateway } from './s3-gateway.ts';

const postgres = process.env['MODELYARD_COMPAT_POSTGRES'];
const isSkipped = postgres === undefined || withoutGateway;
const why = isSkipped ? ' (skipped: needs MODELYARD_COMPAT_POSTGRES and versitygw)' : '';
const house = { size: 80, garden: true };

let gateway: Gateway | undefined;

/** A project folder with its own state. */
async function projectIn(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await writeHouses(path, 200);
  return path;
}

async function predicted(server: TeamServer): Promise<unknown> {
  const response = await server.post('/predict/house-price', house);
  const body = (await response.json()) as { readonly version?: number };
  return [response.status, body.version];
}

describe.skipIf(isSkipped)(`servers that share a PostgreSQL${why}`, () => {
  beforeAll(async () => {
    gateway = await startGateway();
  });

  afterAll(() => gateway?.[Symbol.asyncDispose]());

  const shared = async (database: string): Promise<Readonly<Record<string, string>>> => ({
    MODELYARD_DATABASE_URL: database,
    MODELYARD_BLOBS: `s3://${await gateway?.newBucket()}/team/blobs`,
    ...gateway?.env,
  });

  test('serve a model that another server trained, from their bucket, reuse its results, and complete the run of a killed one', async () => {
    await using folder = await temporaryFolder();
    await using schema = await newSchema(postgres ?? '');
    const env = await shared(schema.url);
    const [one, two] = [await projectIn(folder.path, 'one'), await projectIn(folder.path, 'two')];
    const first = await startTeamServer(one, { env });
    await using second = await startTeamServer(two, { env });
    const trained = await first.run('houses');
    expect(trained).toMatchObject({
      status: 'finished',
      attempt: 1,
      outcome: { run: { status: 'FINISHED' } },
    });
    await expect.poll(() => predicted(first)).toEqual([200, 1]);
    await expect.poll(() => predicted(second), { timeout: 30_000 }).toEqual([200, 1]);
    expect(await second.get(`/api/runs/${trained.id}/job`)).toEqual(trained);
    const { outcome: _outcome, ...row } = trained;
    expect(await second.get('/api/projects/houses/jobs')).toEqual([row]);
    for (const server of [first, second]) expect((await fetch(`${server.url}/ready`)).status).toBe(200);
    for (const project of [one, two]) {
      const state = await readdir(join(project, '.modelyard'));
      expect([state.includes('cache'), state.includes('blobs'), state.includes('results')]).toEqual([
        true,
        false,
        false,
      ]);
    }
    const doctor = await modelyard(['doctor', '--project', one], { env });
    expect(doctor.out).toMatch(/✓ blobs +s3:\/\/artifacts-\d+\/team\/blobs at http:\S+ responds/);

    // Without the first server, the second finds everything in the bucket.
    expect(await first.stop('SIGTERM')).toMatchObject({ code: 0 });
    const again = await second.run('houses');
    expect(again).toMatchObject({ status: 'finished', outcome: { run: null } });
    expect(new Set(again.outcome?.tasks.map(({ status }) => status))).toEqual(new Set(['hit']));
    expect(await second.stop('SIGTERM')).toMatchObject({ code: 0 });

    await edit(join(one, 'modelyard.config.ts'), 'trees: 20', 'trees: 100000, earlyStopping: 100000');
    await edit(join(two, 'modelyard.config.ts'), 'trees: 20', 'trees: 21');
    const killed = await startTeamServer(one, { env });
    const asked = (await (await killed.post('/api/projects/houses/runs')).json()) as JobView;
    await expect
      .poll(
        async () =>
          (await killed.get<ProjectView>('/api/projects/houses')).tasks.find(
            ({ task }) => task === 'house-price.train',
          )?.status,
        { timeout: 60_000 },
      )
      .toBe('running');
    await using rescuer = await startTeamServer(two, { env });
    await killed.stop('SIGKILL');
    const interrupted = await rescuer.jobOnce(asked.id, ({ endedAt }) => endedAt !== null);
    expect(interrupted).toMatchObject({ status: 'interrupted', resumedBy: expect.any(String) });
    const completed = await rescuer.jobOnce(interrupted.resumedBy ?? '', ({ endedAt }) => endedAt !== null);
    expect(completed).toMatchObject({
      status: 'finished',
      attempt: 2,
      resumes: asked.id,
      outcome: { run: { id: completed.id, status: 'FINISHED' }, verdicts: [{ version: 2 }] },
    });
    expect((await rescuer.get<RunView>(`/api/runs/${asked.id}`)).status).toBe('KILLED');
    expect(await predicted(rescuer)).toMatchObject([200, expect.any(Number)]);
  });

  test('predict a file for each other: one continues the batch of a killed one from their bucket', async () => {
    await using folder = await temporaryFolder();
    await using schema = await newSchema(postgres ?? '');
    const env = await shared(schema.url);
    const [one, two] = [await projectIn(folder.path, 'one'), await projectIn(folder.path, 'two')];
    const first = await startTeamServer(one, { env });
    await first.run('houses');
    const rows = Array.from({ length: 40_000 }, (_row, index) => `${40 + (index % 160)},${index % 3 === 0}`);
    const send = async (): Promise<BatchView> => {
      const sent = await fetch(`${first.url}/api/endpoints/house-price/batches?start=true`, {
        method: 'POST',
        headers: { 'content-type': 'text/csv' },
        body: `size,garden\n${rows.join('\n')}\n`,
      });
      return (await sent.json()) as BatchView;
    };
    const once = async (server: TeamServer, id: string, fits: (batch: BatchView) => boolean) => {
      for (;;) {
        const batch = await server.get<BatchView>(`/api/batches/${id}`);
        if (fits(batch)) return batch;
        await pause(20);
      }
    };
    const outputOf = async (server: TeamServer, id: string): Promise<string> =>
      (await fetch(`${server.url}/api/batches/${id}/output`)).text();
    const whole = await send();
    await once(first, whole.id, ({ status }) => status === 'finished');
    const expected = await outputOf(first, whole.id);
    const cut = await send();
    await once(first, cut.id, (batch) => batch.rows.done > 0);
    await first.stop('SIGKILL');
    await using second = await startTeamServer(two, { env });
    const ended = await once(second, cut.id, ({ endedAt }) => endedAt !== null);
    expect(ended).toMatchObject({ status: 'finished', rows: { total: 40_000, done: 40_000, refused: 0 } });
    for (const { id } of [whole, cut]) expect((await outputOf(second, id)) === expected).toBe(true);
    expect(expected.split('\n')).toHaveLength(40_002);
  });

  test('say what to do if each has a folder of its own, and create the files again when asked to', async () => {
    await using folder = await temporaryFolder();
    await using schema = await newSchema(postgres ?? '');
    const env = { MODELYARD_DATABASE_URL: schema.url };
    await using first = await startTeamServer(await projectIn(folder.path, 'one'), { env });
    expect(await first.started.line(/set MODELYARD_BLOBS/)).toContain('"level":30');
    await first.run('houses');
    await first.stop('SIGTERM');
    await using second = await startTeamServer(await projectIn(folder.path, 'two'), { env });
    const { problem, live } = await second.get<ModelView>('/api/models/house-price');
    expect([problem?.code, live]).toEqual(['VERSION_DAMAGED', null]);
    expect(problem?.message).toContain('Set MODELYARD_BLOBS=s3://bucket/folder on all of them');
    const response = await second.post('/predict/house-price', house);
    expect([response.status, await response.text()]).toEqual([
      503,
      expect.stringContaining('MODELYARD_BLOBS'),
    ]);
    expect((await fetch(`${second.url}/ready`)).status).toBe(503);
    expect(await second.run('houses')).toMatchObject({ status: 'finished' });
    await expect.poll(() => predicted(second)).toEqual([200, 1]);
  });
});
