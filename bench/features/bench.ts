import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openFileBlobStore } from '../../src/adapters/files/blob-store.ts';
import type { BenchContext } from '../context.ts';
import { repository } from '../folders.ts';
import { peerPrograms } from '../peer-python.ts';
import { lastLine, runProgram } from '../processes.ts';
import { inTurns, median } from '../samples.ts';
import { writeTables } from './tables.ts';
import { featureNames, type JoinResult, type JoinTask } from './task.ts';

const full = { requests: 100_000, views: 3, keys: 5000, perKey: 5, rounds: 3 } as const;
const small = { requests: 2000, views: 3, keys: 200, perKey: 5, rounds: 1 } as const;

/** Times less CPU than the peer. */
const cpuGoal = 5;
/** CPU seconds of ours. */
const ownGoal = 0.45;
/** Microseconds for the lookups of one request. */
const singleGoal = 10;
/** Feast's CPU seconds on another machine, printed if it cannot be installed here. */
const quotedCpu = 2.3;

/** The point-in-time join of requests with feature views, beside Feast's: CPU, and rows that were lost. */
export async function featuresBench({ quick, folder, report }: BenchContext): Promise<void> {
  const { rounds, ...sizes } = quick ? small : full;
  await using blobs = await openFileBlobStore(join(folder, 'blobs'));
  const { requests, views } = await writeTables(sizes, blobs);
  const task = {
    folder,
    requests: requests.digest,
    views: views.map(({ digest }) => digest),
    requestFile: requests.file,
    viewFiles: views.map(({ file }) => file),
  };
  const join3 = `join of ${sizes.requests / 1000}k requests × ${sizes.views} views`;
  const python = await feastPython();
  const sides: Record<string, Side> = {
    ours: { command: oursCommand, out: join(folder, 'ours.f64'), single: 2000 },
    ...(python && { peer: { command: peerCommand(python), out: join(folder, 'peer.f64'), single: 0 } }),
  };
  const results = await inTurns(sides, rounds, ({ command, out, single }) =>
    run(command, { ...task, out, single }),
  );
  const of = (side: 'ours' | 'peer', figure: (result: JoinResult) => number): number =>
    median((results[side] ?? []).map(figure));
  const cpu = ({ cpuSeconds }: JoinResult): number => cpuSeconds;
  const ours = of('ours', cpu);
  if (python) {
    report({ name: `${join3}, CPU`, ours, peer: of('peer', cpu), unit: 's', better: 'less', goal: cpuGoal });
    const wall = { ours: of('ours', ({ seconds }) => seconds), peer: of('peer', ({ seconds }) => seconds) };
    report({ name: `${join3}, wall`, ...wall, unit: 's', better: 'less', goal: cpuGoal });
  } else {
    const name = `${join3}, CPU beside the quoted ${quotedCpu} s of Feast (not measured here)`;
    report({ name, ours, peer: quotedCpu, unit: 's', better: 'less', goal: cpuGoal });
  }
  report({ name: `${join3}, CPU alone`, ours, unit: 's', better: 'less', goal: ownGoal });
  const single = of('ours', ({ singleMicroseconds }) => singleMicroseconds ?? Number.NaN);
  report({
    name: `lookups of one request, ${sizes.views} views`,
    ours: single,
    unit: 'µs',
    better: 'less',
    goal: singleGoal,
  });

  const kept = await rowsOf(join(folder, 'ours.f64'), sizes.views);
  if (kept.size !== sizes.requests) throw new Error(`We kept ${kept.size} of ${sizes.requests} rows.`);
  const peerKept = python ? sameRows(kept, await rowsOf(join(folder, 'peer.f64'), sizes.views)) : undefined;
  report({
    name: 'rows kept',
    ours: kept.size,
    ...(peerKept !== undefined && { peer: peerKept }),
    unit: 'rows',
    better: 'more',
    goal: peerKept === undefined ? sizes.requests : 1,
  });
}

/** @throws Error if a row that the peer kept has other values than ours @returns the number of the peer's rows */
function sameRows(ours: Rows, peer: Rows): number {
  for (const [row, values] of peer) {
    const own = ours.get(row);
    if (!values.every((value, at) => Object.is(value, own?.[at])))
      throw new Error(`Row ${row} is ${own?.join(', ')}, and Feast's is ${values.join(', ')}.`);
  }
  if (peer.size === 0) throw new Error('Feast joined nothing.');
  return peer.size;
}

type Rows = ReadonlyMap<number, readonly number[]>;

async function rowsOf(path: string, views: number): Promise<Rows> {
  const { buffer, byteOffset, byteLength } = await readFile(path);
  const values = new Float64Array(buffer.slice(byteOffset, byteOffset + byteLength));
  const width = 1 + views * featureNames.length;
  const rows = new Map<number, readonly number[]>();
  for (let at = 0; at < values.length; at += width)
    rows.set(values[at] ?? Number.NaN, [...values.subarray(at + 1, at + width)]);
  return rows;
}

/** The Python that has Feast; undefined if it cannot be installed. */
async function feastPython(): Promise<string | undefined> {
  try {
    return join(await peerPrograms('feast'), 'python');
  } catch (error) {
    process.stderr.write(`Feast could not be installed: ${(error as Error).message}\n`);
    return undefined;
  }
}

type Command = (task: JoinTask) => readonly [string, ...string[]];

interface Side extends Pick<JoinTask, 'out' | 'single'> {
  readonly command: Command;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const oursCommand: Command = (task) => [
  process.execPath,
  '--import',
  'tsx',
  here('ours.ts'),
  JSON.stringify(task),
];
const peerCommand =
  (python: string): Command =>
  (task) => [python, here('peer.py'), JSON.stringify(task), ...featureNames];

async function run(command: Command, task: JoinTask): Promise<JoinResult> {
  const [program, ...args] = command(task);
  const { out } = await runProgram(program, args, { cwd: repository, env: { FEAST_USAGE: 'False' } });
  return lastLine<JoinResult>(out);
}
