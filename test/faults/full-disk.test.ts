import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { repository, temporaryFolder } from '../e2e/product.ts';
import { counted, reportFault, short } from './report.ts';

const size = '16m';
/** A disk of its own: a file system in memory that only this process and its children see. */
const onSmallDisk = ['--mount', '--map-root-user', 'sh', '-c'];
const mount = `mount -t tmpfs -o size=${size} tmpfs "$0"`;
const canMount = spawnSync('unshare', [...onSmallDisk, mount, '/mnt']).status === 0;
const whyNot = canMount ? '' : ' (skipped: this machine does not allow mounts in a namespace)';

const rounds = short ? 2 : 6;
const points = 500;

interface Api {
  readonly url: string;
  /** The path of the disk for this process. */
  readonly disk: string;
}

test.skipIf(!canMount)(
  `a server whose disk is full ${rounds} times refuses what it cannot store, keeps the rest and continues${whyNot}`,
  async () => {
    await using server = await startOnSmallDisk();
    const { experiment_id } = await post(server, 'experiments/create', { name: 'full' });
    const { run } = await post(server, 'runs/create', { experiment_id });
    const runId = (run as { readonly info: { readonly run_id: string } }).info.run_id;
    const acknowledged: number[] = [];
    const refusals: Refusal[] = [];
    const filler = join(server.disk, 'filler');
    for (let round = 0; round < rounds; round += 1) {
      for (let batch = 0; batch < 5; batch += 1) await logBatch();
      await fill(filler);
      while (refusals.length <= round * 2) await logBatch();
      await logBatch();
      const { status } = await fetch(`${server.url}/health`);
      expect(status).toBe(200);
      await rm(filler);
    }
    await logBatch();
    const missing: number[] = [];
    for (const step of acknowledged) if (!(await hasPoint(server, runId, step))) missing.push(step);
    reportFault({
      fault: 'modelyard server on SQLite: full disk, then space again',
      tried: counted(rounds, 'time'),
      acknowledged: counted(acknowledged.length, 'batch', 'batches'),
      lost: missing.length,
    });
    expect(missing).toEqual([]);
    expect(refusals.map(({ status }) => status >= 500)).toEqual(refusals.map(() => true));
    expect(refusals[0]?.body).toMatch(/disk is full|free some space/i);
    expect(acknowledged.length).toBeGreaterThan(rounds * 5);

    async function logBatch(): Promise<void> {
      const step = acknowledged.length + refusals.length;
      const metrics = Array.from({ length: points }, (_, index) => ({
        key: `loss-${index}`,
        value: step,
        step,
        timestamp: step,
      }));
      const refusal = await tryPost(server, 'runs/log-batch', { run_id: runId, metrics });
      if (refusal) refusals.push(refusal);
      else acknowledged.push(step);
    }
  },
);

interface Refusal {
  readonly status: number;
  readonly body: string;
}

async function tryPost({ url }: Api, path: string, body: object): Promise<Refusal | undefined> {
  const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const text = await response.text();
  return response.ok ? undefined : { status: response.status, body: text };
}

async function post({ url }: Api, path: string, body: object): Promise<Readonly<Record<string, unknown>>> {
  const response = await fetch(`${url}/api/2.0/mlflow/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  return (await response.json()) as Readonly<Record<string, unknown>>;
}

/** Whether a batch is stored, by its last metric: a batch is stored in full or not at all. */
async function hasPoint({ url }: Api, runId: string, step: number): Promise<boolean> {
  const query = new URLSearchParams({ run_id: runId, metric_key: `loss-${points - 1}` });
  const response = await fetch(`${url}/api/2.0/mlflow/metrics/get-history?${query.toString()}`);
  const { metrics = [] } = (await response.json()) as { readonly metrics?: readonly { step: number }[] };
  return metrics.some((metric) => metric.step === step);
}

/** Fills the disk to the last byte. */
async function fill(path: string): Promise<void> {
  for (const bytes of [1_000_000, 4096])
    for (;;) {
      const failed = await writeFile(path, Buffer.alloc(bytes), { flag: 'a' }).then(
        () => false,
        (error: NodeJS.ErrnoException) => error.code === 'ENOSPC',
      );
      if (failed) break;
    }
}

async function startOnSmallDisk(): Promise<Api & AsyncDisposable> {
  const folder = await temporaryFolder();
  const main = join(repository, 'dist/cli/main.js');
  const state = join(folder.path, 'state');
  const start = `${mount} && exec "$@"`;
  const command = [process.execPath, main, 'server', '--state', state, '--port', '0'];
  const child = spawn('unshare', [...onSmallDisk, start, folder.path, ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const url = await new Promise<string>((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"listening"')) resolve((JSON.parse(line) as { readonly url: string }).url);
    });
  });
  return {
    url,
    disk: `/proc/${child.pid}/root${folder.path}`,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      await folder[Symbol.asyncDispose]();
    },
  };
}
