import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { JobView } from '../../src/api/job-views.ts';
import type { PredictionView } from '../../src/api/views.ts';
import { edit, writeHouses } from './houses.ts';
import { modelyard, startDev, startModelyard, temporaryFolder } from './product.ts';
import { startTeamServer } from './team-server.ts';

/** Longer than any test waits. */
const forever = 'trees: 100000, earlyStopping: 100000';

test('a server with a project runs its pipeline and serves its endpoints and pages', async () => {
  await using folder = await temporaryFolder();
  await writeHouses(folder.path, 200);
  await using server = await startTeamServer(folder.path);
  const { url } = server;
  const asked = await server.post('/api/projects/houses/runs');
  const job = (await asked.json()) as JobView;
  expect([asked.status, job.status, job.why]).toEqual([202, 'queued', 'API']);
  const ended = await server.jobOnce(job.id, ({ endedAt }) => endedAt !== null);
  expect(ended).toMatchObject({ status: 'finished', outcome: { run: { id: job.id, status: 'FINISHED' } } });
  const predicted = await server.post('/predict/house-price', { size: 80, garden: true });
  expect([predicted.status, ((await predicted.json()) as PredictionView).version]).toEqual([200, 1]);
  for (const page of ['/projects/houses', '/apps/house-price'])
    expect([page, (await fetch(`${url}${page}`)).headers.get('content-type')]).toEqual([
      page,
      expect.stringContaining('text/html'),
    ]);
  // A command finds the server by its state, or by its address.
  for (const at of [
    ['--project', folder.path],
    ['--server', url],
  ])
    expect(await modelyard(['run', ...at])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Nothing changed/),
    });
  // The next run is of the files as they are then.
  const config = join(folder.path, 'modelyard.config.ts');
  await edit(config, 'trees: 20', 'trees: 21');
  expect((await modelyard(['run', '--server', url])).out).toMatch(/^Run .* 5 of 8 tasks from the cache/m);
  await edit(config, 'trees: 21', 'trees: ');
  expect(await modelyard(['run', '--server', url])).toMatchObject({
    code: 1,
    err: expect.stringContaining('bad project file'),
  });
  expect((await server.post('/predict/house-price', { size: 80, garden: true })).status).toBe(200);
  expect(await server.stop('SIGTERM')).toMatchObject({ code: 0 });
});

test('the run of a killed server is completed after its restart, and the command waits for it', async () => {
  await using folder = await temporaryFolder();
  await writeHouses(folder.path, 200);
  const config = join(folder.path, 'modelyard.config.ts');
  await edit(config, 'trees: 20', forever);
  await using first = await startTeamServer(folder.path);
  const command = startModelyard(['run', '--json', '--server', first.url]);
  await command.line(/^▸ house-price\.train /);
  const queued = (await (
    await first.post('/api/projects/houses/runs', { target: 'houses' })
  ).json()) as JobView;
  await first.stop('SIGKILL');
  await command.line(/The server does not respond/);

  await edit(config, forever, 'trees: 20');
  await using second = await startTeamServer(folder.path, { port: new URL(first.url).port });
  const { code, out } = await command.finished;
  expect(code).toBe(0);
  const { outcome } = JSON.parse(out) as JobView;
  const { run, tasks } = outcome ?? { run: null, tasks: [] };
  expect(run).toMatchObject({ status: 'FINISHED', why: 'command line' });
  expect(
    tasks.filter(({ status }) => status === 'hit').map(({ task }) => task),
    'finished before',
  ).toEqual(expect.arrayContaining(['houses', 'house-price.features']));
  const completed = await second.jobOnce(run?.id ?? '', ({ endedAt }) => endedAt !== null);
  expect(completed).toMatchObject({ status: 'finished', attempt: 2, resumes: expect.any(String) });
  const interrupted = await second.jobOnce(completed.resumes ?? '', () => true);
  expect(interrupted).toMatchObject({ status: 'interrupted', resumedBy: completed.id });
  const killed = await second.get<{ readonly status: string }>(`/api/runs/${interrupted.id}`);
  expect(killed.status).toBe('KILLED');
  const after = await second.jobOnce(queued.id, ({ endedAt }) => endedAt !== null);
  expect(after, 'what was queued is done').toMatchObject({ status: 'finished', attempt: 1 });
});

test('a run is cancelled from the command line, and the waiting command reports it', async () => {
  await using folder = await temporaryFolder();
  await writeHouses(folder.path, 200);
  const at = ['--project', folder.path];
  await using dev = await startDev(at);
  await dev.line(/version 1 promoted/);
  await edit(join(folder.path, 'modelyard.config.ts'), 'trees: 20', forever);
  await dev.line(/^▸ house-price\.train /);
  const waiting = startModelyard(['run', ...at]);
  const jobs = async (): Promise<readonly JobView[]> =>
    (await (await fetch(`${dev.url}/api/projects/houses/jobs`)).json()) as readonly JobView[];
  let queued: JobView | undefined;
  for (; !queued; await pause(50))
    queued = (await jobs()).find(({ status, trigger }) => status === 'queued' && trigger.kind === 'client');
  const running = (await jobs()).find(({ status }) => status === 'running');
  expect(running).toMatchObject({ trigger: { kind: 'code' }, why: 'file changed' });
  await waiting.line(
    new RegExp(
      `^Waits for (\\S+ \\S+|\\S+) \\(id ${running?.id}\\)\\. .*modelyard runs cancel ${queued.id}$`,
    ),
  );
  const listed = await modelyard(['runs', ...at]);
  expect(listed.out).toMatch(new RegExp(`^${queued.id} +houses +QUEUED `, 'm'));
  expect(listed.out.split(running?.id ?? ''), 'listed once').toHaveLength(2);
  expect(await modelyard(['runs', 'cancel', queued.id, ...at])).toMatchObject({
    code: 0,
    out: `Run ${queued.id} is cancelled.`,
  });
  const cancelled = await waiting.finished;
  expect(cancelled).toMatchObject({ code: 1, out: expect.stringContaining('was cancelled') });
  expect(cancelled.err, 'no task of the other run').not.toMatch(/^[▸=✓✗-] /m);
  expect(await modelyard(['runs', 'cancel', running?.id ?? '', ...at])).toMatchObject({
    code: 0,
    out: expect.stringContaining('is being stopped; its running tasks are killed'),
  });
  await dev.line(/^Run \S+ was stopped/);
  expect(await modelyard(['runs', 'cancel', 'f'.repeat(32), ...at])).toMatchObject({ code: 1 });
});
