import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, onTestFinished, test } from 'vitest';
import { digestOf, isDigest } from '../../kernel/digest.ts';
import { siblingEntry } from '../../kernel/entry.ts';
import { isPredictionId } from '../../kernel/ids.ts';
import { openFileBlobStore } from './blob-store.ts';
import { openPredictionLog } from './prediction-log.ts';
import { openFileResultStore } from './result-store.ts';

const rounds = [3, 17];

async function temporaryFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'modelyard-crash-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

const url = (name: string): string => JSON.stringify(new URL(name, import.meta.url).href);

/** Runs a script that prints a line for each thing it has stored, and kills it after `lines`. @returns its output */
async function killedAfter(script: string, lines: number): Promise<readonly string[]> {
  const { execArgv } = siblingEntry(import.meta.url, './crash.test');
  const child = spawn(process.execPath, [...execArgv, '--input-type=module', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const output: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    output.push(line);
    if (output.length >= lines) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return output;
}

test('what was put before a kill -9 is there, and nothing half-written is', async () => {
  const folder = await temporaryFolder();
  const script = `
    import { openFileBlobStore } from ${url('./blob-store.ts')};
    const blobs = await openFileBlobStore(${JSON.stringify(folder)});
    async function* pieces(seed) { for (let at = 0; at < 40; at++) yield Buffer.alloc(20_000, seed + at); }
    const writer = async (name) => {
      for (let turn = 0; ; turn++) {
        const seed = name + ' ' + process.pid + ' ' + turn;
        const { digest } = await (turn % 2 ? blobs.put(seed.repeat(50_000)) : blobs.putStream(pieces(seed)));
        process.stdout.write(digest + '\\n');
      }
    };
    await Promise.all([writer('a'), writer('b'), writer('c')]);
  `;
  const kept: string[] = [];
  for (const round of rounds) {
    kept.push(...(await killedAfter(script, round)).filter(isDigest));
    await using blobs = await openFileBlobStore(folder);
    const names = await readdir(join(folder, 'sha256'), { recursive: true, withFileTypes: true });
    const damaged: string[] = [];
    for (const entry of names.filter((name) => name.isFile())) {
      const digest = digestOf(await readFile(join(entry.parentPath, entry.name)));
      if (!digest.endsWith(entry.name)) damaged.push(entry.name);
    }
    expect(damaged).toEqual([]);
    for (const digest of kept.filter(isDigest)) expect(await blobs.has(digest)).toBe(true);
  }
  expect(kept.length).toBeGreaterThan(rounds.length);
});

test('a result that was saved before a kill -9 is found, and its task has a last one', async () => {
  const folder = await temporaryFolder();
  const script = `
    import { digestOf } from ${url('../../kernel/digest.ts')};
    import { openFileResultStore } from ${url('./result-store.ts')};
    const results = await openFileResultStore(${JSON.stringify(folder)});
    for (let turn = 0; ; turn++) {
      const key = digestOf(process.pid + ' ' + turn);
      await results.save({ key, task: 'innings', outputs: {}, facts: { turn, filler: 'x'.repeat(30_000) }, startedAt: 0, endedAt: turn });
      process.stdout.write(key + '\\n');
    }
  `;
  for (const round of rounds) {
    const saved = (await killedAfter(script, round)).filter(isDigest);
    const results = await openFileResultStore(folder);
    for (const key of saved) expect(await results.find(key)).toMatchObject({ key, task: 'innings' });
    const last = await results.last('innings');
    expect(last?.facts['turn']).toBeGreaterThanOrEqual(saved.length - 1);
  }
});

test('a prediction acknowledged under sync before a kill -9 is found', async () => {
  const folder = await temporaryFolder();
  const script = `
    import { newPredictionId } from ${url('../../kernel/ids.ts')};
    import { openPredictionLog } from ${url('./prediction-log.ts')};
    const log = await openPredictionLog(${JSON.stringify(folder)}, { segmentBytes: 20_000 });
    const caller = async () => {
      for (;;) {
        const at = Date.now();
        const id = newPredictionId(at);
        const interval = { low: 1, high: 2, level: 0.8 };
        const isKept = await log.append([{ predictionId: id, at, project: 'p', endpoint: 'e', model: 'm', version: 1, request: {}, features: { x: 1 }, kind: 'number', prediction: 1, interval, latencyMs: 1 }], 'sync');
        process.stdout.write((isKept ? id : 'lost') + '\\n');
      }
    };
    await Promise.all(Array.from({ length: 8 }, caller));
  `;
  for (const round of rounds) {
    const output = await killedAfter(script, round * 20);
    await using log = await openPredictionLog(folder);
    expect(output).not.toContain('lost');
    for (const id of output.filter(isPredictionId))
      expect(await log.find(id)).toMatchObject({ predictionId: id, model: 'm' });
  }
});
