import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { openHousesApp } from '../../app/houses-app.fixture.ts';
import { housesProject } from '../../lifecycle/houses.fixture.ts';
import { performJob } from './perform-job.ts';

const asked = { project: 'houses', target: 'listings', by: 'client' } as const;

test('a job that is interrupted is followed in the job that resumes it', async () => {
  await using host = await openHousesApp(housesProject());
  await host.worker[Symbol.asyncDispose]();
  const { app: operations, queue } = host;
  const job = await operations.startRun(asked);
  const owner = 'a killed process';
  await queue.claim({ projects: ['houses'], owner, now: 2 });
  await using worker = host.openWorker('this process');
  const ended = await performJob(job, { worker, operations, say() {} });
  expect(ended).toMatchObject({ status: 'finished', resumes: job.id, attempt: 2 });
});

test('Ctrl-C that cannot cancel the run says so', async () => {
  await using host = await openHousesApp(housesProject());
  const job = await host.app.startRun(asked);
  const signals = new EventEmitter();
  const output: string[] = [];
  const operations = { ...host.app, cancelRun: () => Promise.reject(new Error('the database is away')) };
  const worker = {
    async perform() {
      signals.emit('SIGINT');
      return undefined;
    },
  };
  const ended = await performJob(job, {
    worker,
    operations,
    say: (text) => void output.push(text),
    signals,
    every: 1,
  });
  expect(ended.status).toBe('finished');
  expect(output).toEqual([
    'The run was not cancelled: Error: the database is away\nPress Ctrl-C again to end the process.\n',
  ]);
});
