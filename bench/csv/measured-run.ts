import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { product } from '../folders.ts';
import { peerPrograms } from '../peer-python.ts';
import { lastLine, runProgram } from '../processes.ts';

export interface MeasuredRun {
  readonly code: number;
  /** Standard output and errors. */
  readonly out: string;
  readonly seconds: number;
  /** Of the program and every process that it started. */
  readonly cpuSeconds: number;
  /** The peak memory of the largest of these processes, in MB. */
  readonly peakMb: number;
}

/** Runs a program to its end, whatever its exit code. */
export async function measuredRun(args: readonly string[], cwd: string): Promise<MeasuredRun> {
  const script = fileURLToPath(new URL('measured_run.py', import.meta.url));
  const { out } = await runProgram(join(await peerPrograms(), 'python'), [script, cwd, ...args]);
  return lastLine<MeasuredRun>(out);
}

/** Runs the built command line. */
export function modelyard(args: readonly string[], cwd: string): Promise<MeasuredRun> {
  return measuredRun([process.execPath, product, ...args], cwd);
}
